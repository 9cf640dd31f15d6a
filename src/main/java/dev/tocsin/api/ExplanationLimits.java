package dev.tocsin.api;

/**
 * How long an explanation may be.
 *
 * @param charactersMax after so many characters of the trace no further part begins, and after as
 *     many of the misses no further miss
 * @param partsMax most parts of one part that are shown, beside the one that decided
 * @param textMax most characters of a text that are shown
 * @param itemsMax most items of an array and fields of an object that are shown
 */
public record ExplanationLimits(int charactersMax, int partsMax, int textMax, int itemsMax) {
  /** What is ample to read, and cheap to send. */
  public static final ExplanationLimits DEFAULTS = new ExplanationLimits(32 * 1024, 50, 200, 10);

  public ExplanationLimits {
    if (charactersMax < 1 || partsMax < 1 || textMax < 1 || itemsMax < 1) {
      throw new IllegalArgumentException("an explanation must have room for a part and its value");
    }
  }
}
