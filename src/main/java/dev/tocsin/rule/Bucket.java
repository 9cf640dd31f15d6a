package dev.tocsin.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private @Nullable Map<Numbers<R>, RangeTree<R>> trees;
  private int size;

  /** What a tree's lower bounds are bounds of, and its upper ones. */
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

  void collect(Match<R> match) {
    for (int i = 0; i < plain.size(); i++) {
      match.offer(plain.get(i));
    }
    if (trees != null) {
      for (RangeTree<R> tree : trees.values()) {
        tree.collect(match);
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
    Posting<R> posting = new Posting<>(entry, this, window, decided);
    if (window == null) {
      posting.moveTo(plain.size());
      plain.add(posting);
    } else {
      addToTree(posting, window, fields);
    }
    return posting;
  }

  private void addToTree(Posting<R> posting, Window window, IndexedFields<R> fields) {
    if (trees == null) {
      trees = new LinkedHashMap<>(2);
    }
    Numbers<R> numbers =
        new Numbers<>(fields.use(window.lowField()), fields.use(window.highField()));
    trees
        .computeIfAbsent(numbers, none -> new RangeTree<>(numbers.low(), numbers.high()))
        .add(posting, window);
  }

  /** Removes a posting, and the bucket itself from its field with the last one. */
  void remove(Posting<R> posting, IndexedFields<R> fields) {
    size--;
    Window window = posting.window();
    if (window == null) {
      removePlain(posting.position());
    } else {
      removeFromTree(posting, window, fields);
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

  private void removeFromTree(Posting<R> posting, Window window, IndexedFields<R> fields) {
    Numbers<R> numbers =
        new Numbers<>(fields.get(window.lowField()), fields.get(window.highField()));
    RangeTree<R> tree = trees == null ? null : trees.get(numbers);
    if (trees == null || tree == null) {
      throw new IllegalStateException("nowhere to be found: " + window);
    }
    tree.remove(posting, window);
    if (tree.isEmpty()) {
      trees.remove(numbers);
    }
    if (trees.isEmpty()) {
      trees = null;
    }
    fields.release(numbers.low());
    fields.release(numbers.high());
  }
}
