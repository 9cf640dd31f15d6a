package dev.tocsin.bridge;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.tocsin.api.Reception.Credentials;
import dev.tocsin.event.JsonValues;
import io.vertx.core.MultiMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to store events, once it is known who asks: version, authorization and organization
 * stand in the headers of a message, or in its body beside the events. There they are taken out,
 * and everything else is left as it stands.
 *
 * @param body as {@code POST …/events} has it
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one request, compared by nobody
record Order(Credentials credentials, byte[] body) {
  private static final String AUTHORIZATION = "authorization";
  private static final String ORGANIZATION = "organizationId";

  /** What reading a request came to. */
  sealed interface Reading {
    record Read(Order order) implements Reading {}

    /** What is wrong with it; {@code code} is for programs. */
    record Malformed(String code, String message) implements Reading {}
  }

  static Reading read(MultiMap headers, Content content) {
    return switch (content) {
      case Content.None() ->
          new Reading.Malformed("malformed_body", "the body must be a JSON object, or its text");
      case Content.Text(String text) ->
          order(headers, Map.of(), text.getBytes(StandardCharsets.UTF_8));
      case Content.Json(byte[] bytes) -> read(headers, bytes);
    };
  }

  private static Reading read(MultiMap headers, byte[] json) {
    Map<String, String> said = new HashMap<>();
    try (JsonParser parser = JsonValues.factory().createParser(json)) {
      parser.nextToken();
      byte[] rest = withoutWhatIsSaid(parser, json, said);
      return order(headers, said, rest);
    } catch (JsonProcessingException e) {
      return new Reading.Malformed("malformed_body", JsonValues.describe(e));
    } catch (IOException e) {
      return new Reading.Malformed("malformed_body", "the body is not UTF-8 text");
    }
  }

  /** The object without the members that say who asks, which go into a map. */
  private static byte[] withoutWhatIsSaid(JsonParser parser, byte[] json, Map<String, String> said)
      throws IOException {
    ByteArrayOutputStream rest = new ByteArrayOutputStream(json.length);
    rest.write('{');
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      int start = (int) parser.currentTokenLocation().getByteOffset();
      JsonToken token = parser.nextToken();
      switch (name) {
        case "version", AUTHORIZATION, ORGANIZATION -> {
          if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NUMBER_INT) {
            throw new JsonParseException(parser, name + " must be a text");
          }
          if (said.putIfAbsent(name, parser.getText()) != null) {
            throw new JsonParseException(parser, name + " stands twice");
          }
        }
        default -> {
          parser.skipChildren();
          parser.finishToken();
          int end = (int) parser.currentLocation().getByteOffset();
          if (rest.size() > 1) {
            rest.write(',');
          }
          rest.write(json, start, end - start);
        }
      }
    }
    rest.write('}');
    return rest.toByteArray();
  }

  private static Reading order(MultiMap headers, Map<String, String> said, byte[] body) {
    String version = said.getOrDefault("version", headers.get("version"));
    return Protocol.VERSION.equals(version)
        ? new Reading.Read(new Order(credentials(headers, said), body))
        : new Reading.Malformed("unsupported_version", unsupported(version));
  }

  private static Credentials credentials(MultiMap headers, Map<String, String> said) {
    return new Credentials(
        said.getOrDefault(AUTHORIZATION, headers.get(AUTHORIZATION)),
        said.getOrDefault(ORGANIZATION, headers.get(ORGANIZATION)));
  }

  /** What is said of another version than the one there is. */
  static String unsupported(@Nullable String version) {
    return "version must be "
        + Protocol.VERSION
        + ", the only one there is, and is "
        + (version == null ? "missing" : version.substring(0, Math.min(20, version.length())));
  }
}
