package dev.tocsin.ingest;

import dev.tocsin.catalog.FieldType;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which fields a state has and of which types, digested to 64 bits: what tells at the cost of a
 * walk over it that there is nothing new in it. Names enter by their hash codes, which strings
 * remember, so two states that differ in two names with the same code can be taken for one; the
 * field is then learned with the next shape it comes in.
 *
 * <p>One object walks over one state: {@code forEach} hands it the fields without wrapping each.
 */
final class Shape implements BiConsumer<Object, @Nullable Object> {
  /** The golden ratio's bits, odd: spreads what is near over all 64. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final int depthMax;
  private long digest = SPREAD;
  private int depth = 1;

  private Shape(int depthMax) {
    this.depthMax = depthMax;
  }

  static long of(String subject, Map<String, @Nullable Object> fields, int depthMax) {
    Shape shape = new Shape(depthMax);
    shape.mix(subject.hashCode());
    fields.forEach(shape);
    return shape.digest;
  }

  @Override
  public void accept(Object name, @Nullable Object value) {
    FieldType type = FieldType.ofValue(value);
    mix(name.hashCode());
    mix(type == null ? 0 : type.bits());
    if (depth < depthMax && value instanceof Map<?, ?> object) {
      depth++;
      object.forEach(this);
      depth--;
      mix(object.size());
    }
  }

  private void mix(int next) {
    long product = (digest ^ next) * SPREAD;
    digest = product ^ (product >>> 32);
  }
}
