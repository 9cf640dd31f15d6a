package dev.tocsin.rule;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Capitals and small letters as Unicode has them for no language in particular, in a few
 * nanoseconds for each letter, whichever it is.
 *
 * <p>Those of {@link String} copy all that is written each time a letter becomes several, and look
 * for the bounds of words around each sigma: milliseconds for texts as long as we allow.
 */
final class LetterCase {
  static final LetterCase UPPER = new LetterCase(text -> text.toUpperCase(Locale.ROOT));
  static final LetterCase LOWER = new LetterCase(text -> text.toLowerCase(Locale.ROOT));

  /** The planes of Unicode in which letters have another case. */
  private static final int LETTERS = 0x20000;

  private static final int PLANE_ONE = 0x10000;

  /** The last of the high surrogates that letters of plane one begin with. */
  private static final char PLANE_ONE_LAST = Character.highSurrogate(LETTERS - 1);

  /** Marks what is not as simple as a letter that becomes another. */
  private static final char ODD = '\0';

  /** A letter becomes three at most. */
  private static final int SEVERAL_MAX = 3;

  private static final char SIGMA = '\u03a3';
  private static final char FINAL_SIGMA = '\u03c2';

  /** What each letter becomes, in its plane, or {@link #ODD}. */
  private final char[] simple = new char[LETTERS];

  /** What letters become that become several. */
  private final Map<Character, String> several = new HashMap<>();

  private final char sigma;

  private LetterCase(UnaryOperator<String> change) {
    for (int letter = 0; letter < LETTERS; letter++) {
      String changed = change.apply(Character.toString(letter));
      boolean one = changed.length() == Character.charCount(letter);
      simple[letter] = one ? (char) changed.codePointAt(0) : ODD;
      if (!one) {
        several.put((char) letter, changed);
      }
    }
    sigma = simple[SIGMA];
    simple[SIGMA] = sigma == SIGMA ? SIGMA : ODD;
    Arrays.fill(simple, Character.MIN_HIGH_SURROGATE, Character.MAX_HIGH_SURROGATE + 1, ODD);
  }

  /**
   * A text in this case.
   *
   * @throws EvaluationFailure if it has more characters than so many
   */
  String of(String text, String function, int lengthMax) {
    char[] letters = text.toCharArray();
    char[] changed = new char[letters.length];
    for (int i = 0; i < letters.length; i++) {
      changed[i] = simple[letters[i]];
      if (changed[i] == ODD) {
        return ofOdd(letters, function, lengthMax);
      }
    }
    return new String(changed);
  }

  private String ofOdd(char[] letters, String function, int lengthMax) {
    char[] changed = new char[Math.min(lengthMax, letters.length * SEVERAL_MAX) + SEVERAL_MAX];
    int length = 0;
    for (int i = 0; i < letters.length; i++) {
      char letter = letters[i];
      if (simple[letter] != ODD) {
        changed[length++] = simple[letter];
      } else if (letter == SIGMA) {
        changed[length++] = isFinal(letters, i) ? FINAL_SIGMA : sigma;
      } else if (isOfPlaneOne(letters, i)) {
        int other = simple[Character.toCodePoint(letter, letters[++i])] | PLANE_ONE;
        changed[length++] = Character.highSurrogate(other);
        changed[length++] = Character.lowSurrogate(other);
      } else {
        length += write(letter, changed, length);
      }
      if (length > lengthMax) {
        throw new EvaluationFailure(
            "%s gives a text of more than %d characters".formatted(function, lengthMax));
      }
    }
    return new String(changed, 0, length);
  }

  private int write(char letter, char[] changed, int at) {
    String others = several.get(letter);
    if (others == null) {
      changed[at] = letter;
      return 1;
    }
    others.getChars(0, others.length(), changed, at);
    return others.length();
  }

  private static boolean isOfPlaneOne(char[] letters, int at) {
    return letters[at] >= Character.MIN_HIGH_SURROGATE
        && letters[at] <= PLANE_ONE_LAST
        && at + 1 < letters.length
        && Character.isLowSurrogate(letters[at + 1]);
  }

  /** Whether a sigma ends a word: behind a letter, and before none. */
  private static boolean isFinal(char[] letters, int at) {
    return (at + 1 == letters.length || !Character.isLetter(letters[at + 1]))
        && at > 0
        && Character.isLetter(letters[at - 1]);
  }
}
