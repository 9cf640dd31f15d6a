package dev.tocsin.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import dev.tocsin.ingest.RawItem.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request: one event, or {@code {"events": […]}}.
 *
 * <p>One pass over the bytes. Payloads are cut out of them exactly as they stand, and parsed at the
 * same time.
 */
final class BatchReader {
  private final int itemsMax;
  private final int itemBytesMax;

  BatchReader(int itemsMax, int itemBytesMax) {
    this.itemsMax = itemsMax;
    this.itemBytesMax = itemBytesMax;
  }

  BatchReading read(byte[] body) {
    try (JsonParser parser = JsonValues.factory().createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Violation("a JSON object was expected: one event, or {\"events\": […]}", "");
      }
      List<RawItem> items = envelope(new Source(parser, body));
      if (parser.nextToken() != null) {
        throw new Violation("nothing may follow the JSON object", "");
      }
      return new BatchReading.Items(items);
    } catch (Violation e) {
      return new BatchReading.Malformed(e.getMessage(), e.pointer);
    } catch (Excess e) {
      return new BatchReading.TooLarge(e.getMessage());
    } catch (JsonProcessingException e) {
      return new BatchReading.Malformed(JsonValues.describe(e), null);
    } catch (IOException e) {
      return new BatchReading.Malformed("the body is not UTF-8 text", null);
    }
  }

  /** The parser, standing on the envelope's opening brace, and the bytes it reads from. */
  @SuppressWarnings("ArrayRecordComponent") // lives for one call, compared by nobody
  private record Source(JsonParser parser, byte[] body) {
    int tokenStart() {
      return (int) parser.currentTokenLocation().getByteOffset();
    }

    int tokenEnd() {
      return (int) parser.currentLocation().getByteOffset();
    }

    String text(int start, int end) {
      return new String(body, start, end - start, StandardCharsets.UTF_8);
    }
  }

  private List<RawItem> envelope(Source source) throws IOException, Violation, Excess {
    JsonParser parser = source.parser();
    int start = source.tokenStart();
    if (parser.nextToken() == JsonToken.FIELD_NAME && parser.currentName().equals("events")) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new Violation("events must be an array", "/events");
      }
      List<RawItem> items = items(source);
      if (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        throw new Violation(
            "a batch has no field but events, and here is " + name, child("", name));
      }
      return items;
    }
    return List.of(item(source, 0, start, ""));
  }

  private List<RawItem> items(Source source) throws IOException, Violation, Excess {
    List<RawItem> items = new ArrayList<>();
    while (source.parser().nextToken() != JsonToken.END_ARRAY) {
      String pointer = "/events/" + items.size();
      if (items.size() == itemsMax) {
        throw new Excess("a request may hold " + itemsMax + " events at most");
      }
      if (source.parser().currentToken() != JsonToken.START_OBJECT) {
        throw new Violation("an event must be an object", pointer);
      }
      int start = source.tokenStart();
      source.parser().nextToken();
      items.add(item(source, items.size(), start, pointer));
    }
    if (items.isEmpty()) {
      throw new Violation("events must hold at least one event", "/events");
    }
    return items;
  }

  /** Reads an item's fields; the parser stands on the first of them, or on the closing brace. */
  private RawItem item(Source source, int index, int start, String pointer)
      throws IOException, Violation, Excess {
    JsonParser parser = source.parser();
    String id = null;
    String name = null;
    String time = null;
    State after = new State.Absent();
    State before = new State.Absent();
    Set<String> seen = new HashSet<>();
    while (parser.currentToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      String at = child(pointer, field);
      if (!seen.add(field)) {
        throw new Violation(field + " stands twice", at);
      }
      parser.nextToken();
      switch (field) {
        case "id" -> id = text(parser, at);
        case "eventName" -> name = text(parser, at);
        case "eventTime" -> time = text(parser, at);
        case "new" -> after = state(source);
        case "old" -> before = state(source);
        default ->
            throw new Violation(
                "an event has the fields id, eventName, eventTime, new and old, and here is "
                    + field,
                at);
      }
      parser.nextToken();
    }
    int end = source.tokenEnd();
    if (end - start > itemBytesMax) {
      throw new Excess(
          "event " + index + " has " + (end - start) + " bytes, and may have " + itemBytesMax);
    }
    if (name == null) {
      throw new Violation("an event must have an eventName", pointer + "/eventName");
    }
    return new RawItem(index, source.text(start, end), id, name, time, after, before);
  }

  /** The pointer to a field (RFC 6901, section 3: in a name, ~ is ~0 and / is ~1). */
  private static String child(String pointer, String field) {
    return pointer + '/' + field.replace("~", "~0").replace("/", "~1");
  }

  private static @Nullable String text(JsonParser parser, String pointer)
      throws IOException, Violation {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NULL -> null;
      default -> throw new Violation("a text was expected, not " + type(parser), pointer);
    };
  }

  private static State state(Source source) throws IOException {
    JsonParser parser = source.parser();
    return switch (parser.currentToken()) {
      case VALUE_NULL -> new State.Absent();
      case START_OBJECT -> {
        int start = source.tokenStart();
        var fields = JsonValues.object(parser);
        yield new State.Present(new Payload(source.text(start, source.tokenEnd()), fields));
      }
      default -> {
        String type = type(parser);
        parser.skipChildren();
        yield new State.NotAnObject(type);
      }
    };
  }

  private static String type(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_STRING -> "a text";
      default -> parser.currentToken().name().toLowerCase(Locale.ROOT);
    };
  }

  /** The body is JSON, but not the JSON it has to be. */
  private static final class Violation extends Exception {
    private static final long serialVersionUID = 1;
    private final String pointer;

    Violation(String message, String pointer) {
      super(message, null, false, false);
      this.pointer = pointer;
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /** The body holds more than it may. */
  private static final class Excess extends Exception {
    private static final long serialVersionUID = 1;

    Excess(String message) {
      super(message, null, false, false);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
