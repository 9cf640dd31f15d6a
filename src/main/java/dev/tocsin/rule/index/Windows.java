package dev.tocsin.rule.index;

/** The windows of one pair of fields, found by the numbers that an event has there. */
final class Windows<R> {
  private final IndexedField<R> lowField;
  private final IndexedField<R> highField;
  private final WindowTree<R> tree = new WindowTree<>();

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
    return tree.isEmpty();
  }

  /** Offers every posting whose window its event is in. */
  void collect(Hits<R> hits) {
    if (hits.value(lowField) instanceof Number low
        && hits.value(highField) instanceof Number high) {
      tree.collect(Spot.of(low, high), hits);
    }
  }

  void add(WindowPosting<R> posting) {
    tree.add(posting);
  }

  void remove(WindowPosting<R> posting) {
    tree.remove(posting);
  }
}
