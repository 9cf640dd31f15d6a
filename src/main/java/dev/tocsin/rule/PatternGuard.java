package dev.tocsin.rule;

import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of a pattern before RE2/J may read it, which bounds neither how large nested
 * repetitions become, nor how long it looks for the other cases of some letters (its issue 168).
 *
 * <p>Here too the pattern is not read by another engine: {@code java.util.regex} looks at its text.
 */
final class PatternGuard {
  /** Far more than a calculation may have, and little enough to be made and thrown away. */
  private static final int PARTS_MAX = 5_000;

  /** What RE2 refuses by itself. */
  private static final int REPETITIONS_MAX = 1_000;

  private static final java.util.regex.Pattern REPETITION =
      java.util.regex.Pattern.compile("(.?)\\{(\\d+)(?:,(\\d*))?}", java.util.regex.Pattern.DOTALL);

  private static final java.util.regex.Pattern CASELESS =
      java.util.regex.Pattern.compile("\\(\\?[a-zA-Z]*i");

  /**
   * Printable ASCII, and of escapes those that stand for nothing else: then no range holds a letter
   * whose cases RE2/J looks for without end.
   */
  private static final java.util.regex.Pattern PLAIN =
      java.util.regex.Pattern.compile("(?:[ -~&&[^\\\\]]|\\\\[dDwWsSbBAz]|\\\\[!-/:-@\\[-`{-~])*");

  private PatternGuard() {}

  /** Why a pattern must not be read; null if it may. */
  static @Nullable String flawOf(String source) {
    if (parts(source) > PARTS_MAX) {
      return "its repetitions, written out, have too many parts";
    }
    if (CASELESS.matcher(source).find() && !PLAIN.matcher(source).matches()) {
      return "with (?i) it may have ASCII characters only, and neither their codes nor classes with"
          + " names: compare with lower(...) instead";
    }
    return null;
  }

  /**
   * How many parts a pattern has at most when its repetitions are written out. What is repeated
   * adds its copies, unless it may be a group, which is then multiplied: as if all groups were one
   * inside the other.
   */
  private static long parts(String source) {
    boolean quoted = source.contains("\\Q");
    long added = source.length();
    long factor = 1;
    Matcher repetition = REPETITION.matcher(source);
    for (int from = 0; repetition.find(from); from = repetition.start(2)) {
      int times = Math.max(times(repetition.group(2)), times(repetition.group(3)));
      if (times > REPETITIONS_MAX) {
        continue;
      }
      String repeated = repetition.group(1);
      if (quoted || repeated.isEmpty() || ")}".contains(repeated)) {
        factor = Math.min(factor * Math.max(times, 1), PARTS_MAX + 1L);
      } else {
        added += times;
      }
    }
    return added * factor;
  }

  /** A count of repetitions; 0 for none, and too many for one that is too long to be read. */
  private static int times(@Nullable String digits) {
    if (digits == null || digits.isEmpty()) {
      return 0;
    }
    return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }
}
