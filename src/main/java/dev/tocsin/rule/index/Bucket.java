package dev.tocsin.rule.index;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rules that one value of one field leads to, or those that no value does. Within, those that
 * also ask for a range of numbers are found by it, so that a value that many rules ask for does not
 * show an event to all of them.
 */
final class Bucket<R> {
  private final @Nullable IndexedField<R> field;
  private final @Nullable Object key;
  private final List<Posting<R>> plain = new ArrayList<>(0);

  /** The windows of one pair of fields, and those of the others if there are any. */
  private @Nullable Windows<R> windows;

  private @Nullable Map<Numbers<R>, Windows<R>> moreWindows;
  private int size;

  /** What the lower bounds are bounds of, and the upper ones. */
  private record Numbers<R>(IndexedField<R> low, IndexedField<R> high) {}

  /** The bucket that every event looks into. */
  Bucket() {
    this.field = null;
    this.key = null;
  }

  /** A bucket for the events that have a value in a field. */
  Bucket(IndexedField<R> field, Object key) {
    this.field = field;
    this.key = key;
  }

  int size() {
    return size;
  }

  void collect(Hits<R> hits) {
    for (int i = 0; i < plain.size(); i++) {
      hits.offer(plain.get(i));
    }
    if (windows != null) {
      windows.collect(hits);
    }
    if (moreWindows != null) {
      for (Windows<R> more : moreWindows.values()) {
        more.collect(hits);
      }
    }
  }

  /**
   * Adds a rule.
   *
   * @param window the numbers it is for; null for all
   * @param decided whether who finds it here need not evaluate it: it fires
   */
  Posting<R> add(
      Entry<R> entry, @Nullable Window window, boolean decided, IndexedFields<R> fields) {
    size++;
    if (window != null) {
      WindowPosting<R> posting = new WindowPosting<>(entry, this, decided, window);
      windows(fields.use(window.lowField()), fields.use(window.highField())).add(posting);
      return posting;
    }
    Posting<R> posting = new Posting<>(entry, this, decided);
    posting.moveTo(plain.size());
    plain.add(posting);
    return posting;
  }

  private Windows<R> windows(IndexedField<R> low, IndexedField<R> high) {
    if (windows == null && moreWindows == null) {
      windows = new Windows<>(low, high);
    }
    if (windows != null && isOf(windows, low, high)) {
      return windows;
    }
    if (moreWindows == null) {
      moreWindows = new LinkedHashMap<>();
    }
    return moreWindows.computeIfAbsent(new Numbers<>(low, high), none -> new Windows<>(low, high));
  }

  /** Removes a posting, and the bucket itself from its field with the last one. */
  void remove(Posting<R> posting, IndexedFields<R> fields) {
    size--;
    if (posting instanceof WindowPosting<R> inWindow) {
      remove(inWindow, fields);
    } else {
      removePlain(posting.position());
    }
    if (field != null && key != null) {
      if (size == 0) {
        field.drop(key);
      }
      fields.release(field);
    }
  }

  /** Fills the gap with the last one: their order does not matter, and none has to move up. */
  private void removePlain(int position) {
    Posting<R> last = plain.removeLast();
    if (position < plain.size()) {
      plain.set(position, last);
      last.moveTo(position);
    }
  }

  private void remove(WindowPosting<R> posting, IndexedFields<R> fields) {
    IndexedField<R> low = fields.get(posting.window().lowField());
    IndexedField<R> high = fields.get(posting.window().highField());
    if (windows != null && isOf(windows, low, high)) {
      windows.remove(posting);
      windows = windows.isEmpty() ? null : windows;
    } else {
      Numbers<R> numbers = new Numbers<>(low, high);
      Map<Numbers<R>, Windows<R>> more = Objects.requireNonNull(moreWindows);
      Windows<R> those = Objects.requireNonNull(more.get(numbers));
      those.remove(posting);
      if (those.isEmpty()) {
        more.remove(numbers);
        moreWindows = more.isEmpty() ? null : more;
      }
    }
    fields.release(low);
    fields.release(high);
  }

  private static <R> boolean isOf(Windows<R> windows, IndexedField<R> low, IndexedField<R> high) {
    return windows.lowField() == low && windows.highField() == high;
  }
}
