package dev.tocsin.event;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One state of an entity, as it was sent and as rules read it.
 *
 * @param json the object's text exactly as received: numbers with every digit, keys in their order,
 *     unknown fields kept. This is what is stored and sent on.
 * @param fields the same object parsed: values are {@code String}, {@code Boolean}, {@code Long}
 *     (integers that fit), {@code BigDecimal} (every other number), unmodifiable {@code List} and
 *     {@code Map}, or null.
 */
public record Payload(String json, Map<String, @Nullable Object> fields) {
  public Payload {
    Objects.requireNonNull(json);
    fields = Collections.unmodifiableMap(fields);
  }
}
