package dev.tocsin.ingest;

import dev.tocsin.event.DateText;
import dev.tocsin.ingest.RawItem.State;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent while it is read. What is wrong with it first is kept: the item is rejected for it,
 * however it goes on. Attributes that are not ours to know (extensions, {@code subject}, {@code
 * dataschema}) are passed over.
 */
final class CloudEventDraft {
  private static final String CODE = "bad_cloud_event";

  private @Nullable String specversion;
  private @Nullable String type;
  private @Nullable String source;
  private @Nullable String id;
  private @Nullable String time;
  private State after = new State.Absent();
  private State before = new State.Absent();
  private Checked.@Nullable Bad fault;

  /** Whether a media type is one of JSON, whatever its parameters. */
  static boolean isJson(String contentType) {
    int end = contentType.indexOf(';');
    String type =
        (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    return type.equals("application/json") || type.equals("text/json") || type.endsWith("+json");
  }

  void fault(String pointer, String message) {
    if (fault == null) {
      fault = new Checked.Bad(CODE, pointer, message);
    }
  }

  /** Takes an attribute that is a text. */
  void attribute(String name, String value) {
    switch (name) {
      case "specversion" -> specversion = value;
      case "type" -> type = value;
      case "source" -> source = value;
      case "id" -> id = value;
      case "time" -> time = value;
      case "datacontenttype" -> {
        if (!isJson(value)) {
          fault("/datacontenttype", "data must be JSON, and not " + EventCheck.quoted(value));
        }
      }
      default -> {}
    }
  }

  /** Passes over an attribute that cannot be read, unless we have to know it. */
  void unreadable(String name, String message) {
    switch (name) {
      case "specversion", "type", "source", "id", "time", "datacontenttype" ->
          fault("/" + name, message);
      default -> {}
    }
  }

  void after(State state) {
    after = state;
  }

  void before(State state) {
    before = state;
  }

  /** The item, whose content is still to be checked, or one with what is wrong. */
  RawItem item(int index, String json) {
    requireVersion();
    String name = required("type", type);
    String from = required("source", source);
    String key = required("id", id);
    if (!from.isEmpty() && !isReference(from)) {
      fault("/source", "source must be a URI reference, not " + EventCheck.quoted(from));
    }
    if (time != null && DateText.instant(time) == null) {
      fault(
          "/time",
          "time must be a date and time with offset, such as 2026-11-23T08:00:00Z, not "
              + EventCheck.quoted(time));
    }
    boolean hasKey = !from.isEmpty() && !key.isEmpty();
    return new RawItem(
        index, json, hasKey ? from : null, hasKey ? key : null, name, time, after, before, fault);
  }

  private void requireVersion() {
    if (specversion == null) {
      fault("/specversion", "a CloudEvent must have the attribute specversion, which is 1.0");
    } else if (!specversion.equals("1.0")) {
      fault("/specversion", "specversion must be 1.0, not " + EventCheck.quoted(specversion));
    }
  }

  private String required(String name, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      fault("/" + name, "a CloudEvent must have the attribute " + name);
      return "";
    }
    if (!EventCheck.isPlain(value)) {
      fault("/" + name, name + " must not have control characters or half surrogates");
      return "";
    }
    return value;
  }

  private static boolean isReference(String text) {
    try {
      URI _ = new URI(text);
      return true;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
