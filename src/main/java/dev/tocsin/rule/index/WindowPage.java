package dev.tocsin.rule.index;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A page of a {@link WindowTree}: its items in order, and of each the lowest lower bound and the
 * highest upper bound.
 *
 * @param <I> what a page of this kind consists of
 */
abstract sealed class WindowPage<R, I> permits WindowLeaf, WindowBranch {
  private static final int FULL = 32;

  /** Two pages that have no more than this together become one, with room to grow in. */
  private static final int FEW = FULL / 2;

  private static final double[] NO_BOUNDS = {};
  private static final @Nullable Object[] NO_ITEMS = {};

  /** Of item i the lower bound at 2i and the upper at 2i + 1. */
  private double[] bounds = NO_BOUNDS;

  private @Nullable Object[] items = NO_ITEMS;

  /**
   * The rule of item i, if it fires wherever it is found: then the item itself need not be looked
   * at, which no cache holds where there are many.
   */
  private @Nullable Object[] shortcuts = NO_ITEMS;

  private int size;

  abstract void collect(Spot spot, Hits<R> hits);

  /** Adds a posting; the page may then be full, and has to be split. */
  abstract void add(WindowPosting<R> posting);

  /** Removes a posting that is there; the page may then be empty. */
  abstract void remove(WindowPosting<R> posting);

  /** What is left of it as a root: the page below it if that is the only one. */
  abstract WindowPage<R, ?> unwrapped();

  /** The first posting on it, or below it. */
  abstract WindowPosting<R> first();

  /** The first posting of an item. */
  abstract WindowPosting<R> first(I item);

  /** A page of the same kind, with nothing on it. */
  abstract WindowPage<R, I> blank();

  /** Moves the upper half to a page of its own, which comes next. */
  final WindowPage<R, I> split() {
    WindowPage<R, I> next = blank();
    int half = size / 2;
    next.bounds = Arrays.copyOfRange(bounds, 2 * half, 2 * size);
    next.items = Arrays.copyOfRange(items, half, size);
    next.shortcuts = Arrays.copyOfRange(shortcuts, half, size);
    next.size = size - half;
    Arrays.fill(items, half, size, null);
    Arrays.fill(shortcuts, half, size, null);
    size = half;
    return next;
  }

  /** Takes in everything on the page that comes next, if there is so little that it should. */
  final boolean absorbs(WindowPage<R, ?> next) {
    int together = size + next.size;
    if (together > FEW) {
      return false;
    }
    bounds = Arrays.copyOf(bounds, 2 * together);
    items = Arrays.copyOf(items, together);
    shortcuts = Arrays.copyOf(shortcuts, together);
    System.arraycopy(next.bounds, 0, bounds, 2 * size, 2 * next.size);
    System.arraycopy(next.items, 0, items, size, next.size);
    System.arraycopy(next.shortcuts, 0, shortcuts, size, next.size);
    size = together;
    return true;
  }

  final int size() {
    return size;
  }

  final boolean isFull() {
    return size == FULL;
  }

  @SuppressWarnings("unchecked") // only insert() puts items there
  final I item(int place) {
    return (I) Objects.requireNonNull(items[place]);
  }

  final double low(int place) {
    return bounds[2 * place];
  }

  final double high(int place) {
    return bounds[2 * place + 1];
  }

  /** The lowest lower bound: the items are in its order. */
  final double lowest() {
    return bounds[0];
  }

  /** The highest upper bound. */
  final double highest() {
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      highest = Math.max(highest, high(i));
    }
    return highest;
  }

  /** Behind the last item that begins with the posting or before it. */
  final int behind(WindowPosting<R> posting) {
    int from = 0;
    int to = size;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (startsAfter(middle, posting)) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }

  private boolean startsAfter(int place, WindowPosting<R> posting) {
    double low = low(place);
    return low == posting.low() ? first(item(place)).compareTo(posting) > 0 : low > posting.low();
  }

  final @Nullable Object shortcut(int place) {
    return shortcuts[place];
  }

  final void insert(int place, I item, @Nullable Object shortcut, double low, double high) {
    if (size == items.length) {
      int room = Math.min(FULL, size + size / 2 + 2);
      bounds = Arrays.copyOf(bounds, 2 * room);
      items = Arrays.copyOf(items, room);
      shortcuts = Arrays.copyOf(shortcuts, room);
    }
    System.arraycopy(bounds, 2 * place, bounds, 2 * place + 2, 2 * (size - place));
    System.arraycopy(items, place, items, place + 1, size - place);
    System.arraycopy(shortcuts, place, shortcuts, place + 1, size - place);
    size++;
    items[place] = item;
    shortcuts[place] = shortcut;
    bound(place, low, high);
  }

  final void bound(int place, double low, double high) {
    bounds[2 * place] = low;
    bounds[2 * place + 1] = high;
  }

  final void delete(int place) {
    size--;
    System.arraycopy(bounds, 2 * place + 2, bounds, 2 * place, 2 * (size - place));
    System.arraycopy(items, place + 1, items, place, size - place);
    System.arraycopy(shortcuts, place + 1, shortcuts, place, size - place);
    items[size] = null;
    shortcuts[size] = null;
  }
}
