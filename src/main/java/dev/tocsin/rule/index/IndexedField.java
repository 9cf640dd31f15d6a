package dev.tocsin.rule.index;

import dev.tocsin.rule.FieldPath;
import dev.tocsin.rule.OneOf;
import dev.tocsin.rule.OneOf.Presence;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A field that rules of an index ask something of, and those that ask for a value of it. */
final class IndexedField<R> {
  private final FieldPath path;
  private final Map<Object, Bucket<R>> buckets = new HashMap<>(2);
  private int position;
  private int uses;

  IndexedField(FieldPath path) {
    this.path = path;
  }

  FieldPath path() {
    return path;
  }

  /** Where its value stands among those that a change is asked for. */
  int position() {
    return position;
  }

  void moveTo(int place) {
    position = place;
  }

  void use() {
    uses++;
  }

  /** Ends one use; whether it was the last. */
  boolean release() {
    return --uses == 0;
  }

  /** How many different values are asked for. */
  int values() {
    return buckets.size();
  }

  /** How many rules ask for a value. */
  int size(Object key) {
    Bucket<R> bucket = buckets.get(key);
    return bucket == null ? 0 : bucket.size();
  }

  /** The bucket of a value, which a posting has to be added to. */
  Bucket<R> bucket(Object key) {
    return buckets.computeIfAbsent(key, none -> new Bucket<>(this, key));
  }

  /** Drops the bucket of a value, in which nothing is left. */
  void drop(Object key) {
    buckets.remove(key);
  }

  void collect(Hits<R> hits) {
    if (buckets.isEmpty()) {
      return;
    }
    Object value = hits.value(this);
    if (value == null) {
      collect(Presence.ABSENT, hits);
      return;
    }
    collect(Presence.PRESENT, hits);
    Object key = OneOf.key(value);
    if (key != null) {
      collect(key, hits);
    }
  }

  private void collect(Object key, Hits<R> hits) {
    @Nullable Bucket<R> bucket = buckets.get(key);
    if (bucket != null) {
      bucket.collect(hits);
    }
  }
}
