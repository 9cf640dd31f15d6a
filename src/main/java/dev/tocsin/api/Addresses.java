package dev.tocsin.api;

import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses addresses whose percent signs spell no UTF-8. The decoder would put the same character
 * for whatever it cannot decode, and two ids that differ would become one.
 */
final class Addresses {
  private Addresses() {}

  static void check(RoutingContext ctx) {
    ApiError error = error(ctx.request().uri());
    if (error == null) {
      ctx.next();
    } else {
      Replies.send(ctx, error);
    }
  }

  /** What is wrong with an address, or null. */
  private static @Nullable ApiError error(String address) {
    if (isText(address)) {
      return null;
    }
    int query = address.indexOf('?');
    List<Flaw> flaws = new ArrayList<>();
    if (query >= 0) {
      for (String parameter : address.substring(query + 1).split("&", -1)) {
        String name = parameter.replaceFirst("=.*", "");
        if (!isText(parameter)) {
          flaws.add(new Flaw.InQuery(name, "must be UTF-8 where it is percent-encoded"));
        }
      }
    }
    return flaws.isEmpty()
        ? ApiError.badRequest(
            "malformed_request", "the path is not UTF-8 where it is percent-encoded")
        : ApiError.flawed("bad_parameter", flaws);
  }

  /** What is no percent sign with two digits after it is for the router to refuse. */
  static boolean isText(String address) {
    int percent = address.indexOf('%');
    if (percent < 0) {
      return true;
    }
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    for (int i = percent; i < address.length(); i++) {
      char character = address.charAt(i);
      int high = i + 2 <= address.length() - 1 ? Character.digit(address.charAt(i + 1), 16) : -1;
      int low = i + 2 <= address.length() - 1 ? Character.digit(address.charAt(i + 2), 16) : -1;
      if (character == '%' && high >= 0 && low >= 0) {
        encoded.write(high << 4 | low);
        i += 2;
      } else {
        // Whatever is not encoded ends what was: no character is half in the one and half in the
        // other.
        encoded.write(' ');
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(encoded.toByteArray()));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
