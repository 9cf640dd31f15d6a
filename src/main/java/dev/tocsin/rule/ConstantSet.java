package dev.tocsin.rule;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The values of an {@code in} list of constants, found in about the same time however long the list
 * is, and equal as {@link Comparison#equal} says.
 *
 * @param exact the values that are found by hash: null, texts, booleans and whole numbers that fit
 *     a long
 * @param numbers all numbers, by size: only so is a field's {@code 5.00} or {@code 1e999999999}
 *     found, or not, without rewriting it
 */
record ConstantSet(Set<@Nullable Object> exact, NavigableSet<BigDecimal> numbers) {
  static ConstantSet of(List<Term> constants) {
    Set<@Nullable Object> exact = new HashSet<>();
    NavigableSet<BigDecimal> numbers = new TreeSet<>();
    for (Term term : constants) {
      if (!(term instanceof Term.Constant(Object value))) {
        throw new IllegalStateException("not a constant: " + term);
      }
      if (value instanceof Number number) {
        numbers.add(Comparison.decimal(number));
        exact.add(Comparison.canonical(Comparison.decimal(number)));
      } else {
        exact.add(value);
      }
    }
    return new ConstantSet(exact, numbers);
  }

  boolean contains(@Nullable Object value) {
    return switch (value) {
      case BigDecimal decimal -> numbers.contains(decimal);
      case Map<?, ?> _, List<?> _ -> false; // no constant is one, and a large one is long to hash
      case null, default -> exact.contains(value);
    };
  }
}
