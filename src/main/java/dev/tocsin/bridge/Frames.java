package dev.tocsin.bridge;

import dev.tocsin.api.Reception.Reply;
import dev.tocsin.event.EventJson;
import org.jspecify.annotations.Nullable;

/** Writes frames as Vert.x's bridges do. */
final class Frames {
  /** What anybody is told of any address that is not for him, whether there is something or not. */
  static final String ACCESS_DENIED = "access_denied";

  static final String TOO_LONG = "frame_too_long";

  static final String PONG = "{\"type\":\"pong\"}";

  private Frames() {}

  /**
   * A message.
   *
   * @param type what the bridge calls such frames
   * @param body JSON
   */
  static String message(String type, String address, String body) {
    return open(type, address).append(",\"body\":").append(body).append('}').toString();
  }

  /** A subscription's last message, as clients of the bridges take note of failures. */
  static String failure(String address, Reply why, String body) {
    return failure(address, why.status(), why.message())
        .append(",\"body\":")
        .append(body)
        .append('}')
        .toString();
  }

  /** The answer to a request that was refused before anybody read it. */
  static String refusal(String address, String code) {
    return failure(address, 403, code).append('}').toString();
  }

  /** A frame makes no sense, or is refused. */
  static String error(String code, @Nullable String message) {
    StringBuilder out = new StringBuilder("{\"type\":\"err\",\"message\":");
    EventJson.appendText(out, message == null ? code : code + ": " + message);
    return EventJson.appendText(out.append(",\"body\":"), code).append('}').toString();
  }

  private static StringBuilder failure(String address, int code, String message) {
    StringBuilder out = open("err", address);
    out.append(",\"failureCode\":").append(code);
    out.append(",\"failureType\":\"RECIPIENT_FAILURE\",\"message\":");
    return EventJson.appendText(out, message);
  }

  private static StringBuilder open(String type, String address) {
    StringBuilder out = new StringBuilder(256).append("{\"type\":\"").append(type);
    return EventJson.appendText(out.append("\",\"address\":"), address);
  }
}
