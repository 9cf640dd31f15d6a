package dev.tocsin.rule;

/** Words for characters that a calculation cannot have, with what was probably meant. */
final class Characters {
  private Characters() {}

  /** Why no token begins at this offset of a text. */
  static String unknown(String text, int offset) {
    int c = text.codePointAt(offset);
    return switch (c) {
      case '=' -> "'=' is no operator; two values are compared with '=='";
      case '&' -> "'&' is no operator; write AND or '&&'";
      case '|' -> "'|' is no operator; write OR or '||'";
      case '+' -> "'++' is no operator; a sign needs a blank before it";
      case '-' ->
          "'--' is no operator; a sign needs a blank before it, and a calculation has no comments";
      case '{', '}', '@', '$', ';', '`', '~', '\\' ->
          "%s has no meaning in a calculation".formatted(name(c));
      case 0x2018, 0x2019, 0x201C, 0x201D ->
          "%s is no quotation mark here; write \" or '".formatted(name(c));
      case 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212 ->
          "%s is no minus sign here; write -".formatted(name(c));
      case 0x2260 -> "%s is no operator; write !=".formatted(name(c));
      case 0x2264 -> "%s is no operator; write <=".formatted(name(c));
      case 0x2265 -> "%s is no operator; write >=".formatted(name(c));
      case 0x00D7 -> "%s is no operator; write *".formatted(name(c));
      case 0x00F7 -> "%s is no operator; write /".formatted(name(c));
      default -> letterOrOther(c);
    };
  }

  private static String letterOrOther(int c) {
    return Character.isLetterOrDigit(c)
        ? "%s is no letter or digit of a name; a field's name with others is put in quotes"
            .formatted(name(c))
        : "%s has no meaning in a calculation".formatted(name(c));
  }

  /**
   * Whether an author and a reviewer can see a character. Besides controls, marks of direction and
   * the like, some letters and marks show nothing: Unicode's default ignorable code points.
   */
  static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.OTHER_LETTER ->
          c != 0x115F && c != 0x1160 && c != 0x3164 && c != 0xFFA0; // the fillers of Hangul
      case Character.NON_SPACING_MARK -> !isIgnorableMark(c);
      default -> true;
    };
  }

  private static boolean isIgnorableMark(int c) {
    return c == 0x034F // combining grapheme joiner
        || c == 0x17B4 // inherent vowels of Khmer
        || c == 0x17B5
        || (c >= 0x180B && c <= 0x180F) // variation selectors of Mongolian, and of all others
        || (c >= 0xFE00 && c <= 0xFE0F)
        || (c >= 0xE0100 && c <= 0xE01EF);
  }

  /** A character as a message can show it, whatever it would do to a terminal or a page. */
  static String name(int c) {
    if (c > ' ' && c < 127) {
      return "'" + (char) c + "'";
    }
    String known = Character.getName(c);
    String number = "U+%04X".formatted(c);
    return known == null ? number : number + " (" + known + ")";
  }

  /**
   * A text as a message can show it: of a long one the beginning and {@code …}, and what cannot be
   * seen as an escape.
   */
  static String shown(String text, int lengthMax) {
    StringBuilder shown = new StringBuilder();
    int offset = 0;
    while (offset < text.length()) {
      int c = text.codePointAt(offset);
      String character = isVisible(c) ? Character.toString(c) : escape(c);
      if (shown.length() + character.length() > lengthMax) {
        return shown.append('…').toString();
      }
      shown.append(character);
      offset += Character.charCount(c);
    }
    return shown.toString();
  }

  private static String escape(int c) {
    return c <= Character.MAX_VALUE ? "\\u%04x".formatted(c) : "\\u{%x}".formatted(c);
  }
}
