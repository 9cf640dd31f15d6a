package dev.tocsin.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON without losing a digit: integers that fit become {@code Long}, every other number
 * {@code BigDecimal}; a key that stands twice in one object is an error, because no reader of it
 * could say which value counts.
 */
public final class JsonValues {
  /** Deeper than any entity we know of, and far from what a thread's stack bears. */
  public static final int DEPTH_MAX = 64;

  /** Longest number, in characters; a decimal this long still costs microseconds to compare. */
  public static final int NUMBER_LENGTH_MAX = 100;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          // Bytes are UTF-8. Of another encoding the parser could not say where a value stands.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxNumberLength(NUMBER_LENGTH_MAX)
                  .build())
          .build();

  /** How the parser speaks of another place in the same text. */
  private static final Pattern SOURCE =
      Pattern.compile("\\[Source: [^\\]]*; line: (\\d+), column: (\\d+)\\]");

  /** What the library advises those who call it, and no sender of JSON can follow. */
  private static final Pattern INNARDS =
      Pattern.compile(": enable `[^`]*` to allow|, from `[^`]*`");

  private JsonValues() {}

  /** The factory whose parsers keep to the limits above. */
  public static JsonFactory factory() {
    return FACTORY;
  }

  /** What is wrong with a text that is not JSON, and where, for whoever sent it. */
  public static String describe(JsonProcessingException problem) {
    JsonLocation location = problem.getLocation();
    String where =
        location == null
            ? ""
            : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    String what =
        SOURCE
            .matcher(String.valueOf(problem.getOriginalMessage()))
            .replaceAll("line $1, column $2");
    what = INNARDS.matcher(what).replaceAll("");
    return "the body is not the JSON it has to be" + where + ": " + what;
  }

  /** Parses one object, which must be the whole text. */
  public static Payload payload(String json) throws IOException {
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonParseException(parser, "a JSON object was expected");
      }
      Map<String, @Nullable Object> fields = object(parser);
      if (parser.nextToken() != null) {
        throw new JsonParseException(parser, "nothing may follow the JSON object");
      }
      return new Payload(json, fields);
    }
  }

  /** Reads the object whose opening brace the parser stands on, up to its closing brace. */
  public static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      int size = fields.size();
      fields.put(name, value(parser));
      if (fields.size() == size) {
        throw new JsonParseException(parser, "the key '" + name + "' stands twice in one object");
      }
    }
    return Collections.unmodifiableMap(fields);
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser));
    }
    return Collections.unmodifiableList(items);
  }

  /** Reads the value the parser stands on. */
  public static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> decimal(parser);
      default -> throw new JsonParseException(parser, "unexpected " + parser.currentToken());
    };
  }

  /**
   * Whether two values that were read here are the same JSON: numbers by what they are worth,
   * objects whatever the order of their keys.
   */
  public static boolean same(@Nullable Object one, @Nullable Object other) {
    return switch (one) {
      case Map<?, ?> fields -> other instanceof Map<?, ?> others && sameFields(fields, others);
      case List<?> items -> other instanceof List<?> others && sameItems(items, others);
      case Number number ->
          other instanceof Number another && exact(number).compareTo(exact(another)) == 0;
      case null -> other == null;
      default -> one.equals(other);
    };
  }

  private static boolean sameFields(Map<?, ?> one, Map<?, ?> other) {
    return one.size() == other.size()
        && one.entrySet().stream()
            .allMatch(field ->
                other.containsKey(field.getKey())
                    && same(field.getValue(), other.get(field.getKey())));
  }

  private static boolean sameItems(List<?> one, List<?> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!same(one.get(i), other.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static BigDecimal exact(Number number) {
    return number instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(number.longValue());
  }

  private static BigDecimal decimal(JsonParser parser) throws IOException {
    try {
      return parser.getDecimalValue();
    } catch (NumberFormatException e) {
      throw new JsonParseException(parser, "the number's exponent is out of range", e);
    }
  }

  private static Object integer(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> parser.getLongValue();
      default -> new BigDecimal(parser.getBigIntegerValue());
    };
  }
}
