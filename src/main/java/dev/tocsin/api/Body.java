package dev.tocsin.api;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.tocsin.event.JsonValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the body of a management call: a JSON object, in one pass. */
final class Body {
  private Body() {}

  /** The object's properties, or the answer that says why it is none. */
  static Reading<JsonProperties> parse(byte[] bytes) {
    return parse(bytes, values -> List.of());
  }

  /**
   * Likewise.
   *
   * @param contract what is wrong with the properties by the contract
   */
  static Reading<JsonProperties> parse(
      byte[] bytes, Function<Map<String, @Nullable Object>, List<Flaw>> contract) {
    try (JsonParser parser = JsonValues.factory().createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return malformed("the body must be a JSON object");
      }
      return new Reading.Good<>(properties(parser, bytes, contract));
    } catch (JsonProcessingException e) {
      return malformed(JsonValues.describe(e));
    } catch (IOException e) {
      return malformed("the body is not UTF-8 text");
    }
  }

  private static JsonProperties properties(
      JsonParser parser, byte[] bytes, Function<Map<String, @Nullable Object>, List<Flaw>> contract)
      throws IOException {
    Map<String, @Nullable Object> values = new HashMap<>();
    Map<String, String> sources = new HashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      boolean isObject = parser.nextToken() == JsonToken.START_OBJECT;
      int start = (int) parser.currentTokenLocation().getByteOffset();
      if (values.containsKey(name)) {
        throw new JsonParseException(parser, "the key '" + name + "' stands twice in one object");
      }
      values.put(name, JsonValues.value(parser));
      if (isObject) {
        int end = (int) parser.currentLocation().getByteOffset();
        sources.put(name, new String(bytes, start, end - start, StandardCharsets.UTF_8));
      }
    }
    if (parser.nextToken() != null) {
      throw new JsonParseException(parser, "nothing may follow the JSON object");
    }
    return new JsonProperties(values, sources, contract.apply(values));
  }

  private static Reading<JsonProperties> malformed(String message) {
    return new Reading.Bad<>(ApiError.badRequest("malformed_body", message));
  }
}
