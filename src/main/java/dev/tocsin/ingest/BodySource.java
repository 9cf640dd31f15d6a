package dev.tocsin.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import dev.tocsin.ingest.RawItem.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A body while it is read: the parser, and the bytes that it reads from, so that payloads can be
 * cut out of them exactly as they stand.
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one call, compared by nobody
record BodySource(JsonParser parser, byte[] body) {
  /** How a body of some form is read; the parser stands before its first token. */
  @FunctionalInterface
  interface Form {
    List<RawItem> read(BodySource source) throws IOException, Violation, Excess;
  }

  /**
   * Reads a body that has to be one JSON value of a form, and nothing else.
   *
   * @param kind what kind of value that is
   */
  static BatchReading read(byte[] body, String kind, Form form) {
    try (JsonParser parser = JsonValues.factory().createParser(body)) {
      List<RawItem> items = form.read(new BodySource(parser, body));
      if (parser.nextToken() != null) {
        throw new Violation("nothing may follow the JSON " + kind, "");
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

  int tokenStart() {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  /** Of a text, the parser has read no more than its first quote until somebody asks for it. */
  int tokenEnd() throws IOException {
    parser.finishToken();
    return (int) parser.currentLocation().getByteOffset();
  }

  String text(int start, int end) {
    return new String(body, start, end - start, StandardCharsets.UTF_8);
  }

  /** Reads the value that the parser stands on as a state of an entity. */
  State state() throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> new State.Absent();
      case START_OBJECT -> {
        int start = tokenStart();
        var fields = JsonValues.object(parser);
        yield new State.Present(new Payload(text(start, tokenEnd()), fields));
      }
      default -> {
        String type = type();
        parser.skipChildren();
        yield new State.NotAnObject(type);
      }
    };
  }

  /** What the parser stands on, for messages. */
  String type() {
    return switch (parser.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_STRING -> "a text";
      case VALUE_NULL -> "null";
      default -> parser.currentToken().name().toLowerCase(Locale.ROOT);
    };
  }

  /** The pointer to a field (RFC 6901, section 3: in a name, ~ is ~0 and / is ~1). */
  static String child(String pointer, String field) {
    return pointer + '/' + field.replace("~", "~0").replace("/", "~1");
  }

  /** The body is JSON, but not the JSON it has to be. */
  static final class Violation extends Exception {
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
  static final class Excess extends Exception {
    private static final long serialVersionUID = 1;

    Excess(String message) {
      super(message, null, false, false);
    }

    /** An event is longer than one may be. */
    static Excess ofEvent(int index, int bytes, int bytesMax) {
      return new Excess("event " + index + " has " + bytes + " bytes, and may have " + bytesMax);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
