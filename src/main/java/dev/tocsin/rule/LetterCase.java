package dev.tocsin.rule;

import java.util.Locale;

/**
 * Capitals and small letters, as {@link String#toUpperCase} and {@link String#toLowerCase} have
 * them, in time in proportion to a text's length. Those copy all that they have written each time a
 * letter becomes several: a thousand times a text that is a thousand letters long.
 */
final class LetterCase {
  private static final int PIECE = 64;

  /** The one letter that becomes several small ones: a capital i with a dot, which stays. */
  private static final char DOTTED_I = '\u0130';

  private static final char DOT = '\u0307';

  private LetterCase() {}

  /** In pieces: what a letter's capitals are does not depend on what stands beside it. */
  static String upper(String text) {
    if (text.length() <= PIECE) {
      return text.toUpperCase(Locale.ROOT);
    }
    StringBuilder upper = new StringBuilder(text.length());
    int start = 0;
    while (start < text.length()) {
      int end = Math.min(start + PIECE, text.length());
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      upper.append(text.substring(start, end).toUpperCase(Locale.ROOT));
      start = end;
    }
    return upper.toString();
  }

  /**
   * As a whole: a sigma's small letter depends on what stands beside it. So the letters that become
   * several are replaced by one that is a letter as well.
   */
  static String lower(String text) {
    if (text.indexOf(DOTTED_I) < 0) {
      return text.toLowerCase(Locale.ROOT);
    }
    String plain = text.replace(DOTTED_I, 'I').toLowerCase(Locale.ROOT);
    StringBuilder lower = new StringBuilder(2 * text.length());
    for (int i = 0; i < text.length(); i++) {
      lower.append(plain.charAt(i));
      if (text.charAt(i) == DOTTED_I) {
        lower.append(DOT);
      }
    }
    return lower.toString();
  }
}
