package dev.tocsin.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tocsin.ingest.BodySource.Excess;
import dev.tocsin.ingest.BodySource.Violation;
import dev.tocsin.ingest.RawItem.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
    return BodySource.read(body, "object", this::request);
  }

  private List<RawItem> request(BodySource source) throws IOException, Violation, Excess {
    if (source.parser().nextToken() != JsonToken.START_OBJECT) {
      throw new Violation("a JSON object was expected: one event, or {\"events\": […]}", "");
    }
    return envelope(source);
  }

  private List<RawItem> envelope(BodySource source) throws IOException, Violation, Excess {
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
            "a batch has no field but events, and here is " + name, BodySource.child("", name));
      }
      return items;
    }
    return List.of(item(source, 0, start, ""));
  }

  private List<RawItem> items(BodySource source) throws IOException, Violation, Excess {
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
  private RawItem item(BodySource source, int index, int start, String pointer)
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
      String at = BodySource.child(pointer, field);
      if (!seen.add(field)) {
        throw new Violation(field + " stands twice", at);
      }
      parser.nextToken();
      switch (field) {
        case "id" -> id = text(source, at);
        case "eventName" -> name = text(source, at);
        case "eventTime" -> time = text(source, at);
        case "new" -> after = source.state();
        case "old" -> before = source.state();
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
      throw Excess.ofEvent(index, end - start, itemBytesMax);
    }
    if (name == null) {
      throw new Violation("an event must have an eventName", pointer + "/eventName");
    }
    return new RawItem(index, source.text(start, end), id, name, time, after, before);
  }

  private static @Nullable String text(BodySource source, String pointer)
      throws IOException, Violation {
    return switch (source.parser().currentToken()) {
      case VALUE_STRING -> source.parser().getText();
      case VALUE_NULL -> null;
      default -> throw new Violation("a text was expected, not " + source.type(), pointer);
    };
  }
}
