package dev.tocsin.rule;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the old and the new value of a field, both of them objects or arrays, begin to differ.
 *
 * @param path of what differs, from the state: {@code customFields.tier} or {@code products[1]},
 *     where the first item is 0
 * @param before its old value; null if it is missing
 * @param after its new value; null if it is missing
 */
public record Difference(String path, @Nullable Object before, @Nullable Object after) {
  public Difference {
    Objects.requireNonNull(path);
  }
}
