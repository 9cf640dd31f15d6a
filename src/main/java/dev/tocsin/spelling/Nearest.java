package dev.tocsin.spelling;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds what somebody probably meant by a name that does not exist. */
public final class Nearest {
  private static final int DISTANCE_MAX = 4;

  /** More than the length of any name, and small enough to add to. */
  private static final int ANY_DISTANCE = 1 << 20;

  private Nearest() {}

  /**
   * {@code ", did you mean …?"}, or nothing when no known name is near: one with few edits for its
   * length, capitals aside, or one that ends with all parts of a dotted name.
   */
  public static String suggestion(String name, Collection<String> known) {
    return suggestion(meant(name, known));
  }

  /** What {@link #suggestion(String, Collection)} names. */
  public static Optional<String> meant(String name, Collection<String> known) {
    return near(name, known).or(() -> ending(name, known));
  }

  /**
   * The same for a dotted name of a place in a tree, which may also have been put into the wrong
   * section: where no known name is near, one with the same last part is meant.
   */
  public static String suggestionInTree(String name, Collection<String> known) {
    return suggestion(near(name, known).or(() -> elsewhere(name, known)));
  }

  /** The known name that is so few edits away, capitals aside. */
  public static Optional<String> within(int edits, String name, Collection<String> known) {
    return nearest(name, edits, known, candidate -> true);
  }

  /** How a name that was probably meant is suggested. */
  public static String suggestion(Optional<String> meant) {
    return meant.map(candidate -> ", did you mean " + candidate + "?").orElse("");
  }

  private static Optional<String> near(String name, Collection<String> known) {
    int most = Math.min(DISTANCE_MAX, 1 + name.length() / 4);
    return nearest(name, most, known, candidate -> true);
  }

  private static Optional<String> ending(String name, Collection<String> known) {
    if (name.indexOf('.') < 0) {
      return Optional.empty();
    }
    String parts = "." + name.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(candidate -> candidate.toLowerCase(Locale.ROOT).endsWith(parts))
        .min(Comparator.naturalOrder());
  }

  private static Optional<String> elsewhere(String name, Collection<String> known) {
    String last = lastPart(name);
    return nearest(name, ANY_DISTANCE, known, candidate -> lastPart(candidate).equals(last));
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /**
   * The wanted candidate with the fewest edits, capitals aside; of several, the alphabet's first.
   */
  private static Optional<String> nearest(
      String name, int most, Collection<String> known, Predicate<String> wanted) {
    String lowered = name.toLowerCase(Locale.ROOT);
    String nearest = null;
    int distance = most;
    for (String candidate : known) {
      String other = candidate.toLowerCase(Locale.ROOT);
      // A difference in length is a distance at least as large, and much cheaper to find.
      if (Math.abs(other.length() - lowered.length()) <= distance && wanted.test(candidate)) {
        int edits = distance(lowered, other, distance);
        if (edits < distance || (edits == distance && isBefore(candidate, nearest))) {
          nearest = candidate;
          distance = edits;
        }
      }
    }
    return Optional.ofNullable(nearest);
  }

  private static boolean isBefore(String candidate, @Nullable String other) {
    return other == null || candidate.compareTo(other) < 0;
  }

  /** The edits between two names, or any larger number than {@code most} when there are more. */
  private static int distance(String a, String b, int most) {
    int start = 0;
    int aEnd = a.length();
    int bEnd = b.length();
    while (start < Math.min(aEnd, bEnd) && a.charAt(start) == b.charAt(start)) {
      start++;
    }
    while (start < Math.min(aEnd, bEnd) && a.charAt(aEnd - 1) == b.charAt(bEnd - 1)) {
      aEnd--;
      bEnd--;
    }
    return edits(a.substring(start, aEnd), b.substring(start, bEnd), most);
  }

  /**
   * Levenshtein's distance, row by row. Only cells at most {@code most} beside the diagonal are
   * computed, since any other is larger than that (Ukkonen 1985), and no further row once all of
   * one are.
   */
  private static int edits(String a, String b, int most) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int from = Math.max(1, i - most);
      int to = Math.min(b.length(), i + most);
      int diagonal = row[from - 1];
      row[from - 1] = from == 1 ? i : most + 1;
      int least = row[from - 1];
      for (int j = from; j <= to; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
        least = Math.min(least, row[j]);
      }
      if (least > most) {
        return least;
      }
    }
    return row[b.length()];
  }
}
