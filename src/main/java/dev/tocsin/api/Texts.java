package dev.tocsin.api;

/** Which texts can be kept. */
final class Texts {
  private Texts() {}

  /**
   * Whether a text comes back from the store as it went in: PostgreSQL keeps no NUL, and half a
   * surrogate pair has no UTF-8.
   */
  static boolean isStorable(String text) {
    return text.codePoints().noneMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE);
  }
}
