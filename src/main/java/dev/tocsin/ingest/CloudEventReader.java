package dev.tocsin.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tocsin.event.EventJson;
import dev.tocsin.ingest.BodySource.Excess;
import dev.tocsin.ingest.BodySource.Violation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads CloudEvents 1.0: the JSON format alone and in batches, and the data of one whose attributes
 * came in headers. {@code type} is the event's name, {@code source} and {@code id} together are its
 * key, {@code time} is its time, and {@code data} holds {@code new} and {@code old}.
 *
 * <p>We read them ourselves, since the SDK for Java makes a tree of the data, and so loses how it
 * was written down. An item that is no CloudEvent, or one we cannot take, is rejected alone.
 */
final class CloudEventReader {
  private final int itemsMax;
  private final int itemBytesMax;

  CloudEventReader(int itemsMax, int itemBytesMax) {
    this.itemsMax = itemsMax;
    this.itemBytesMax = itemBytesMax;
  }

  /** Reads one event, in structured mode. */
  BatchReading event(byte[] body) {
    return BodySource.read(
        body,
        "object",
        source -> {
          if (source.parser().nextToken() != JsonToken.START_OBJECT) {
            throw new Violation("a JSON object was expected: a CloudEvent", "");
          }
          return List.of(item(source, 0, ""));
        });
  }

  /** Reads an array of events. */
  BatchReading batch(byte[] body) {
    return BodySource.read(body, "array", this::items);
  }

  private List<RawItem> items(BodySource source) throws IOException, Violation, Excess {
    if (source.parser().nextToken() != JsonToken.START_ARRAY) {
      throw new Violation("a JSON array was expected: CloudEvents", "");
    }
    List<RawItem> items = new ArrayList<>();
    while (source.parser().nextToken() != JsonToken.END_ARRAY) {
      if (items.size() == itemsMax) {
        throw new Excess("a request may hold " + itemsMax + " events at most");
      }
      items.add(item(source, items.size(), "/" + items.size()));
    }
    return items;
  }

  /** Reads the item that the parser stands on. */
  private RawItem item(BodySource source, int index, String pointer)
      throws IOException, Violation, Excess {
    JsonParser parser = source.parser();
    int start = source.tokenStart();
    CloudEventDraft draft = new CloudEventDraft();
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      members(source, draft, pointer);
    } else {
      draft.fault("", "a CloudEvent must be an object, not " + source.type());
      parser.skipChildren();
    }
    int end = source.tokenEnd();
    requireRoom(index, end - start);
    return draft.item(index, source.text(start, end));
  }

  private static void members(BodySource source, CloudEventDraft draft, String pointer)
      throws IOException, Violation {
    JsonParser parser = source.parser();
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (!seen.add(name)) {
        throw new Violation(name + " stands twice", BodySource.child(pointer, name));
      }
      parser.nextToken();
      switch (name) {
        case "data" -> data(source, draft, pointer + "/data");
        case "data_base64" -> {
          if (parser.currentToken() != JsonToken.VALUE_NULL) {
            draft.fault("/data_base64", "data must be JSON, in data, and not in data_base64");
          }
          parser.skipChildren();
        }
        default -> {
          if (parser.currentToken() == JsonToken.VALUE_STRING) {
            draft.attribute(name, parser.getText());
          } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
            draft.unreadable(name, name + " must be a text, not " + source.type());
            parser.skipChildren();
          }
        }
      }
    }
  }

  /** Reads the data that the parser stands on. */
  private static void data(BodySource source, CloudEventDraft draft, String pointer)
      throws IOException, Violation {
    JsonParser parser = source.parser();
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      draft.fault("/data", "data must be an object with new and old, not " + source.type());
      parser.skipChildren();
      return;
    }
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (!seen.add(name)) {
        throw new Violation(name + " stands twice", BodySource.child(pointer, name));
      }
      parser.nextToken();
      switch (name) {
        case "new" -> draft.after(source.state());
        case "old" -> draft.before(source.state());
        default -> {
          draft.fault(BodySource.child("/data", name), "data has new and old, and here is " + name);
          parser.skipChildren();
        }
      }
    }
  }

  /**
   * Reads one event in binary mode.
   *
   * @param headers the attributes, each as it stood in its header
   * @param contentType what the data is said to be
   */
  BatchReading data(Map<String, String> headers, @Nullable String contentType, byte[] body) {
    CloudEventDraft draft = new CloudEventDraft();
    Map<String, String> attributes = new TreeMap<>();
    headers.forEach((name, value) -> {
      String text = HeaderText.decode(value);
      if (text == null) {
        draft.unreadable(
            name, "the header ce-" + name + " must be ASCII, with UTF-8 percent-encoded");
      } else if (!name.equals("data")) {
        attributes.put(name, text);
      }
    });
    if (contentType != null) {
      attributes.put("datacontenttype", contentType);
    }
    attributes.forEach(draft::attribute);
    if (contentType != null && !CloudEventDraft.isJson(contentType)) {
      String text = new String(body, StandardCharsets.UTF_8);
      return alone(draft, attributes, body.length, quoted(text));
    }
    if (body.length == 0) {
      return alone(draft, attributes, 0, "null");
    }
    return BodySource.read(
        body,
        "object",
        source -> {
          if (source.parser().nextToken() == null) {
            return whole(draft, attributes, body.length, "null");
          }
          int start = source.tokenStart();
          data(source, draft, "");
          return whole(draft, attributes, body.length, source.text(start, source.tokenEnd()));
        });
  }

  private BatchReading alone(
      CloudEventDraft draft, Map<String, String> attributes, int bytes, String data) {
    try {
      return new BatchReading.Items(whole(draft, attributes, bytes, data));
    } catch (Excess e) {
      return new BatchReading.TooLarge(e.getMessage());
    }
  }

  /** The one item of a request, which as a whole is what it would be in the JSON format. */
  private List<RawItem> whole(
      CloudEventDraft draft, Map<String, String> attributes, int bytes, String data) throws Excess {
    requireRoom(0, bytes);
    StringBuilder json = new StringBuilder(bytes + 256).append('{');
    attributes.forEach((name, value) -> {
      EventJson.appendText(json, name).append(':');
      EventJson.appendText(json, value).append(',');
    });
    return List.of(draft.item(0, json.append("\"data\":").append(data).append('}').toString()));
  }

  private static String quoted(String text) {
    return EventJson.appendText(new StringBuilder(text.length() + 16), text).toString();
  }

  private void requireRoom(int index, int bytes) throws Excess {
    if (bytes > itemBytesMax) {
      throw Excess.ofEvent(index, bytes, itemBytesMax);
    }
  }
}
