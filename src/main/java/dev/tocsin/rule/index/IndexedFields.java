package dev.tocsin.rule.index;

import dev.tocsin.rule.FieldPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The fields that the rules of an index ask something of, each for as long as one does. */
final class IndexedFields<R> {
  private final Map<FieldPath, IndexedField<R>> byPath = new HashMap<>();
  private final List<IndexedField<R>> all = new ArrayList<>();

  int size() {
    return all.size();
  }

  /** A field that is in use. */
  IndexedField<R> get(FieldPath path) {
    return Objects.requireNonNull(byPath.get(path));
  }

  /** How many different values of a field are asked for. */
  int values(FieldPath path) {
    IndexedField<R> field = byPath.get(path);
    return field == null ? 0 : field.values();
  }

  /** How many rules ask for a value of a field. */
  int size(FieldPath path, Object key) {
    IndexedField<R> field = byPath.get(path);
    return field == null ? 0 : field.size(key);
  }

  /** A field, which the caller uses until it says otherwise. */
  IndexedField<R> use(FieldPath path) {
    IndexedField<R> field = byPath.computeIfAbsent(path, this::added);
    field.use();
    return field;
  }

  private IndexedField<R> added(FieldPath path) {
    IndexedField<R> field = new IndexedField<>(path);
    field.moveTo(all.size());
    all.add(field);
    return field;
  }

  void release(IndexedField<R> field) {
    if (field.release()) {
      byPath.remove(field.path());
      IndexedField<R> last = all.removeLast();
      if (last != field) {
        all.set(field.position(), last);
        last.moveTo(field.position());
      }
    }
  }

  void collect(Hits<R> hits) {
    for (int i = 0; i < all.size(); i++) {
      all.get(i).collect(hits);
    }
  }
}
