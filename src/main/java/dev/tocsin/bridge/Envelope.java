package dev.tocsin.bridge;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.tocsin.event.JsonValues;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A frame of a client, in the form of Vert.x's bridges: {@code {"type", "address", "replyAddress",
 * "headers": {…}, "body"}}. A body that is an object is cut out as it stands, so that no number in
 * it loses a digit.
 *
 * @param type what the client wants; empty when it does not say
 */
record Envelope(
    String type,
    @Nullable String address,
    @Nullable String replyAddress,
    MultiMap headers,
    Content body) {

  /** What reading a frame came to. */
  sealed interface Reading {
    record Read(Envelope envelope) implements Reading {}

    record Malformed(String message) implements Reading {}
  }

  static Reading read(byte[] frame) {
    try (JsonParser parser = JsonValues.factory().createParser(frame)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Reading.Malformed("a frame must be a JSON object");
      }
      Envelope envelope = read(parser, frame);
      if (parser.nextToken() != null) {
        return new Reading.Malformed("nothing may follow the JSON object of a frame");
      }
      return new Reading.Read(envelope);
    } catch (JsonProcessingException e) {
      return new Reading.Malformed(JsonValues.describe(e));
    } catch (IOException e) {
      return new Reading.Malformed("a frame must be UTF-8 text");
    }
  }

  private static Envelope read(JsonParser parser, byte[] frame) throws IOException {
    String type = "";
    String address = null;
    String replyAddress = null;
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    Content body = new Content.None();
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (!seen.add(name)) {
        throw new JsonParseException(parser, "the key '" + name + "' stands twice in one object");
      }
      JsonToken token = parser.nextToken();
      switch (name) {
        case "type" -> type = text(parser, name);
        case "address" -> address = text(parser, name);
        case "replyAddress" -> replyAddress = text(parser, name);
        case "headers" -> readHeaders(parser, headers);
        case "body" -> body = token == JsonToken.START_OBJECT ? cut(parser, frame) : body(parser);
        default -> parser.skipChildren();
      }
    }
    return new Envelope(type, address, replyAddress, headers, body);
  }

  private static String text(JsonParser parser, String name) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new JsonParseException(parser, name + " must be a text");
    }
    return parser.getText();
  }

  private static void readHeaders(JsonParser parser, MultiMap headers) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new JsonParseException(parser, "headers must be an object");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (!parser.nextToken().isScalarValue()) {
        throw new JsonParseException(parser, "the header " + name + " must be a text");
      }
      headers.add(name, parser.getText());
    }
  }

  private static Content cut(JsonParser parser, byte[] frame) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    int end = (int) parser.currentLocation().getByteOffset();
    return new Content.Json(Arrays.copyOfRange(frame, start, end));
  }

  private static Content body(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return new Content.Text(parser.getText());
    }
    parser.skipChildren();
    return new Content.None();
  }
}
