package dev.tocsin.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The windows of one pair of fields, found by the numbers that an event has there. A few, as most
 * values of most fields have, lie in one array, which one look into memory fetches; more make a
 * {@link WindowTree}, and go on to until the last is gone.
 */
final class Windows<R> {
  private static final int FEW = 16;
  private static final double[] NONE = {};

  private final IndexedField<R> lowField;
  private final IndexedField<R> highField;

  /** The few, and of each the lower and the upper bound. */
  private final List<WindowPosting<R>> few = new ArrayList<>(2);

  private double[] bounds = NONE;

  private final WindowTree<R> many = new WindowTree<>();

  Windows(IndexedField<R> lowField, IndexedField<R> highField) {
    this.lowField = lowField;
    this.highField = highField;
  }

  IndexedField<R> lowField() {
    return lowField;
  }

  IndexedField<R> highField() {
    return highField;
  }

  boolean isEmpty() {
    return few.isEmpty() && many.isEmpty();
  }

  /** Offers the match every posting whose window its event is in. */
  void collect(Match<R> match) {
    if (match.value(lowField) instanceof Number low
        && match.value(highField) instanceof Number high) {
      double lowKey = low.doubleValue();
      double highKey = high.doubleValue();
      collectFew(low, lowKey, high, highKey, match);
      many.collect(low, lowKey, high, highKey, match);
    }
  }

  private void collectFew(Number low, double lowKey, Number high, double highKey, Match<R> match) {
    for (int i = 0; i < few.size(); i++) {
      if (bounds[2 * i] <= lowKey && bounds[2 * i + 1] >= highKey) {
        WindowPosting<R> posting = few.get(i);
        if (posting.admits(low, lowKey, high, highKey)) {
          match.offer(posting);
        }
      }
    }
  }

  void add(WindowPosting<R> posting) {
    if (!many.isEmpty() || few.size() == FEW) {
      few.forEach(many::add);
      few.clear();
      bounds = NONE;
      many.add(posting);
      return;
    }
    if (bounds.length == 2 * few.size()) {
      bounds = Arrays.copyOf(bounds, Math.max(4, 2 * bounds.length));
    }
    few.add(posting);
    place(posting, few.size() - 1);
  }

  void remove(WindowPosting<R> posting) {
    if (!many.isEmpty()) {
      many.remove(posting);
      return;
    }
    // The last one fills the gap: their order does not matter, and none has to move up.
    WindowPosting<R> last = few.removeLast();
    if (posting.position() < few.size()) {
      few.set(posting.position(), last);
      place(last, posting.position());
    }
  }

  private void place(WindowPosting<R> posting, int position) {
    posting.moveTo(position);
    bounds[2 * position] = posting.low();
    bounds[2 * position + 1] = posting.high();
  }
}
