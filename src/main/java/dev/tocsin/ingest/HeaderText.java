package dev.tocsin.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The text that a header of a CloudEvent stands for (HTTP protocol binding 1.0.2, section 3.1.3.2):
 * first a value in double quotes is taken out of them, then percent-encoding is undone, once. Older
 * senders, and the SDK for Java, do not encode: a percent sign that encodes nothing is one.
 */
final class HeaderText {
  private HeaderText() {}

  /** The text; null when the value is not ASCII, or what is encoded in it is not UTF-8. */
  static @Nullable String decode(String value) {
    if (!value.chars().allMatch(one -> one == '\t' || (one >= ' ' && one <= '~'))) {
      return null;
    }
    return percentDecoded(unquoted(value));
  }

  /** RFC 7230, section 3.2.6; a quote that is not closed is a quote. */
  private static String unquoted(String value) {
    int last = value.length() - 1;
    if (last < 1 || value.charAt(0) != '"' || value.charAt(last) != '"') {
      return value;
    }
    StringBuilder text = new StringBuilder(value.length());
    for (int at = 1; at < last; at++) {
      if (value.charAt(at) == '\\' && at + 1 < last) {
        at++;
      }
      text.append(value.charAt(at));
    }
    return text.toString();
  }

  private static @Nullable String percentDecoded(String value) {
    if (value.indexOf('%') < 0) {
      return value;
    }
    ByteBuffer bytes = ByteBuffer.allocate(value.length());
    for (int at = 0; at < value.length(); at++) {
      int high = value.charAt(at) == '%' ? digit(value, at + 1) : -1;
      int low = high < 0 ? -1 : digit(value, at + 2);
      if (low < 0) {
        bytes.put((byte) value.charAt(at));
      } else {
        bytes.put((byte) (high << 4 | low));
        at += 2;
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static int digit(String value, int at) {
    return at < value.length() ? Character.digit(value.charAt(at), 16) : -1;
  }
}
