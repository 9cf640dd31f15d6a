package dev.tocsin.rule.index;

/** A page of windows. */
final class WindowLeaf<R> extends WindowPage<R, WindowPosting<R>> {
  @Override
  @SuppressWarnings("unchecked") // only add() puts shortcuts there
  void collect(Spot spot, Hits<R> hits) {
    double end = spot.aroundLow().ceiling();
    for (int i = 0; i < size() && low(i) <= end; i++) {
      if (high(i) >= spot.aroundHigh().floor()) {
        boolean inside = spot.isIn(low(i), high(i));
        Object rule = shortcut(i);
        if (inside && rule != null) {
          hits.fire((R) rule);
        } else if (inside || item(i).window().admits(spot.low(), spot.high())) {
          hits.offer(item(i));
        }
      }
    }
  }

  @Override
  void add(WindowPosting<R> posting) {
    boolean certain = posting.isDecided() && !posting.isOverlapping();
    insert(
        behind(posting), posting, certain ? posting.rule() : null, posting.low(), posting.high());
  }

  @Override
  void remove(WindowPosting<R> posting) {
    int place = behind(posting) - 1;
    if (place < 0 || item(place).compareTo(posting) != 0) {
      throw new IllegalStateException("not in the tree: " + posting.window());
    }
    delete(place);
  }

  @Override
  WindowPage<R, ?> unwrapped() {
    return this;
  }

  @Override
  WindowPosting<R> first() {
    return item(0);
  }

  @Override
  WindowPosting<R> first(WindowPosting<R> item) {
    return item;
  }

  @Override
  WindowLeaf<R> blank() {
    return new WindowLeaf<>();
  }
}
