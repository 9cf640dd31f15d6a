package dev.tocsin.rule.index;

/** A page of pages, none of which is empty. */
final class WindowBranch<R> extends WindowPage<R, WindowPage<R, ?>> {
  private WindowBranch() {}

  WindowBranch(WindowPage<R, ?> first, WindowPage<R, ?> second) {
    insert(0, first, null, first.lowest(), first.highest());
    insert(1, second, null, second.lowest(), second.highest());
  }

  @Override
  void collect(Spot spot, Hits<R> hits) {
    double end = spot.aroundLow().ceiling();
    for (int i = 0; i < size() && low(i) <= end; i++) {
      if (high(i) >= spot.aroundHigh().floor()) {
        item(i).collect(spot, hits);
      }
    }
  }

  @Override
  void add(WindowPosting<R> posting) {
    int place = Math.max(0, behind(posting) - 1);
    WindowPage<R, ?> page = item(place);
    page.add(posting);
    if (page.isFull()) {
      WindowPage<R, ?> next = page.split();
      insert(place + 1, next, null, next.lowest(), next.highest());
    }
    bound(place, page.lowest(), page.highest());
  }

  @Override
  void remove(WindowPosting<R> posting) {
    int place = Math.max(0, behind(posting) - 1);
    WindowPage<R, ?> page = item(place);
    page.remove(posting);
    if (page.size() == 0) {
      delete(place);
      return;
    }
    bound(place, page.lowest(), page.highest());
    if (!joined(place)) {
      joined(place - 1);
    }
  }

  /** Makes a page and the next one into one, if there are both and they have few items. */
  private boolean joined(int place) {
    if (place < 0 || place + 1 >= size() || !item(place).absorbs(item(place + 1))) {
      return false;
    }
    delete(place + 1);
    bound(place, item(place).lowest(), item(place).highest());
    return true;
  }

  @Override
  WindowPage<R, ?> unwrapped() {
    return size() == 1 ? item(0).unwrapped() : this;
  }

  @Override
  WindowPosting<R> first() {
    return item(0).first();
  }

  @Override
  WindowPosting<R> first(WindowPage<R, ?> item) {
    return item.first();
  }

  @Override
  WindowBranch<R> blank() {
    return new WindowBranch<>();
  }
}
