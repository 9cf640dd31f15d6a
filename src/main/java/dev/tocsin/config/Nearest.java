package dev.tocsin.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds what somebody probably meant by a name that does not exist. */
final class Nearest {
  private static final int DISTANCE_MAX = 4;

  private Nearest() {}

  /**
   * {@code ", did you mean …?"}, or nothing when no known name is near: one with few edits for its
   * length, or the same key in another section.
   */
  static String suggestion(String name, Collection<String> known) {
    int distanceMax = Math.min(DISTANCE_MAX, 1 + name.length() / 4);
    return known.stream()
        .filter(candidate ->
            distance(name, candidate) <= distanceMax
                || withoutSection(name).equals(withoutSection(candidate)))
        .min(
            Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                .thenComparing(Comparator.naturalOrder()))
        .map(candidate -> ", did you mean " + candidate + "?")
        .orElse("");
  }

  private static String withoutSection(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** The edits between two names, capitals aside: Levenshtein's distance, row by row. */
  private static int distance(String first, String second) {
    String a = first.toLowerCase(Locale.ROOT);
    String b = second.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
