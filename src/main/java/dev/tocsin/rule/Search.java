package dev.tocsin.rule;

/** Finds a part of a text in time in proportion to both, whatever they hold. */
final class Search {
  /** A part so short is looked for at every place; the longest text allowed costs microseconds. */
  private static final int SHORT = 8;

  private Search() {}

  static boolean contains(String text, String part) {
    if (part.length() <= SHORT || part.length() >= text.length()) {
      return text.contains(part);
    }
    int[] borders = borders(part);
    int matched = 0;
    for (int i = 0; i < text.length(); i++) {
      matched = extended(part, borders, matched, text.charAt(i));
      if (matched == part.length()) {
        return true;
      }
    }
    return false;
  }

  /**
   * For each beginning of a part, how long the longest shorter one is that it ends with (Knuth,
   * Morris and Pratt, "Fast pattern matching in strings", 1977).
   */
  private static int[] borders(String part) {
    int[] borders = new int[part.length() + 1];
    for (int end = 1; end < part.length(); end++) {
      borders[end + 1] = extended(part, borders, borders[end], part.charAt(end));
    }
    return borders;
  }

  /** How long a beginning is matched once another character follows. */
  private static int extended(String part, int[] borders, int matched, char next) {
    int length = matched;
    while (length > 0 && part.charAt(length) != next) {
      length = borders[length];
    }
    return part.charAt(length) == next ? length + 1 : 0;
  }
}
