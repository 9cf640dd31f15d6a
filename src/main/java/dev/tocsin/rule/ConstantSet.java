package dev.tocsin.rule;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
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
 */
final class ConstantSet {
  private final Comparison comparison;

  /** What is found by hash: null, texts, booleans and whole numbers that fit a long. */
  private final Set<@Nullable Object> exact = new HashSet<>();

  /**
   * All numbers, by magnitude and then by size: so a field's {@code 5.00} or {@code 1e999999999} is
   * found, or not, without rewriting it, and long numbers are seldom compared.
   */
  private final Map<Long, NavigableSet<BigDecimal>> numbers = new HashMap<>();

  /** The texts that are too long to be compared with every text. */
  private final List<String> longTexts = new ArrayList<>();

  private int textLengthMax;

  private ConstantSet(Comparison comparison) {
    this.comparison = comparison;
  }

  static ConstantSet of(List<Term> constants, Comparison comparison) {
    ConstantSet set = new ConstantSet(comparison);
    for (Term term : constants) {
      if (!(term instanceof Term.Constant(Object value))) {
        throw new IllegalStateException("not a constant: " + term);
      }
      set.add(value);
    }
    return set;
  }

  private void add(@Nullable Object value) {
    switch (value) {
      case Number number -> {
        BigDecimal decimal = Comparison.decimal(number);
        numbers.computeIfAbsent(magnitude(decimal), _ -> new TreeSet<>()).add(decimal);
        exact.add(Comparison.canonical(decimal));
      }
      case String text when !comparison.isShort(text) -> longTexts.add(text);
      case String text -> {
        textLengthMax = Math.max(textLengthMax, text.length());
        exact.add(text);
      }
      case null, default -> exact.add(value);
    }
  }

  boolean contains(@Nullable Object value) {
    return switch (value) {
      case BigDecimal decimal -> {
        NavigableSet<BigDecimal> alike = numbers.get(magnitude(decimal));
        yield alike != null && alike.contains(decimal);
      }
      case String text when text.length() > textLengthMax -> isLong(text); // it is long to hash
      case Map<?, ?> _, List<?> _ -> false; // no constant is one, and a large one is long to hash
      case null, default -> exact.contains(value);
    };
  }

  private boolean isLong(String text) {
    for (String one : longTexts) {
      if (comparison.equal(one, text)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Equal for equal numbers, however they are written: the sign, and the digits before the point.
   */
  private static long magnitude(BigDecimal number) {
    long digitsBeforePoint = (long) number.precision() - number.scale();
    return switch (number.signum()) {
      case 0 -> Long.MAX_VALUE;
      case 1 -> digitsBeforePoint * 2;
      default -> digitsBeforePoint * 2 + 1;
    };
  }
}
