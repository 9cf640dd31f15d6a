package dev.tocsin.api;

import dev.tocsin.event.EventJson;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON text, member by member, into one buffer. It puts the commas; that what is opened is
 * closed is the caller's concern.
 */
final class JsonText {
  private final StringBuilder out;

  JsonText() {
    this(512);
  }

  JsonText(int capacity) {
    out = new StringBuilder(capacity);
  }

  /** Opens an object, as the whole text or as an item of an array. */
  JsonText open() {
    comma();
    out.append('{');
    return this;
  }

  /** Opens a member that is an object. */
  JsonText open(String name) {
    name(name).append('{');
    return this;
  }

  JsonText close() {
    out.append('}');
    return this;
  }

  /** Opens a member that is an array. */
  JsonText openArray(String name) {
    name(name).append('[');
    return this;
  }

  JsonText closeArray() {
    out.append(']');
    return this;
  }

  /** A text member; left out when there is no text. */
  JsonText text(String name, @Nullable String value) {
    if (value != null) {
      EventJson.appendText(name(name), value);
    }
    return this;
  }

  JsonText number(String name, long value) {
    name(name).append(value);
    return this;
  }

  JsonText flag(String name, boolean value) {
    name(name).append(value);
    return this;
  }

  /** A member whose value is JSON already. */
  JsonText raw(String name, String json) {
    name(name).append(json);
    return this;
  }

  /** A text that is an item of an array. */
  JsonText item(String text) {
    EventJson.appendText(item(), text);
    return this;
  }

  /** The buffer, for writers of their own, with the comma before an item put if it needs one. */
  StringBuilder item() {
    comma();
    return out;
  }

  /** How many characters are written. */
  int length() {
    return out.length();
  }

  private StringBuilder name(String name) {
    comma();
    return EventJson.appendText(out, name).append(':');
  }

  private void comma() {
    if (!out.isEmpty()) {
      char last = out.charAt(out.length() - 1);
      if (last != '{' && last != '[' && last != ':') {
        out.append(',');
      }
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
