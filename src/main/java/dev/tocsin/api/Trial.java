package dev.tocsin.api;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.EventType;
import dev.tocsin.event.EventName;
import dev.tocsin.event.Payload;
import dev.tocsin.rule.RuleForm;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A calculation to be tried out, and on what.
 *
 * @param explain whether to say why it came to what it came to
 */
record Trial(String calculation, Subject subject, boolean explain) {
  Trial {
    Objects.requireNonNull(calculation);
    Objects.requireNonNull(subject);
  }

  /** What a calculation is tried on. */
  sealed interface Subject {
    /** Nothing: it is only read. */
    record Nothing() implements Subject {}

    /** No event, but any of a type. */
    record OfType(EventType type) implements Subject {
      public OfType {
        Objects.requireNonNull(type);
      }
    }

    /**
     * A stored event.
     *
     * @param id as given; it need not be one
     */
    record Stored(String id) implements Subject {
      public Stored {
        Objects.requireNonNull(id);
      }
    }

    /** An event that is not stored. */
    record Given(EventType type, Rehearsals.Draft draft) implements Subject {
      public Given {
        Objects.requireNonNull(type);
        Objects.requireNonNull(draft);
      }
    }
  }

  /** Reads one. Whether an event that is given can be one, is for its rehearsal to say. */
  static Reading<Trial> read(Viewer author, JsonProperties properties, Catalog catalog) {
    String calculation = properties.optionalText("calculation", Integer.MAX_VALUE);
    if (calculation == null && properties.lacks("calculation")) {
      properties.flaw("calculation", "is required");
    }
    Subject subject = subject(author, properties, catalog);
    boolean explain = properties.flag("explain", false);
    return properties.result(
        () -> new Trial(Objects.requireNonNull(calculation), subject, explain));
  }

  /** The name wins over the id, as m3ter has it. */
  private static Subject subject(Viewer author, JsonProperties properties, Catalog catalog) {
    String id = properties.optionalText("eventId", RuleForm.EVENT_NAME_LENGTH_MAX);
    boolean named = !properties.lacks("eventName");
    if (properties.has("event")) {
      if (id != null || named) {
        properties.flaw("event", "must not stand beside eventId or eventName");
      }
      return given(author, properties.object("event"), catalog);
    }
    EventType type = named ? type(author, properties, catalog) : null;
    if (type != null) {
      return new Subject.OfType(type);
    }
    return id == null ? new Subject.Nothing() : new Subject.Stored(id);
  }

  /** An event as it could be posted; an id of the sender's own means nothing here. */
  private static Subject given(Viewer author, JsonProperties event, Catalog catalog) {
    event.refuseOthers(
        List.of("id", "eventName", "eventTime", "new", "old"),
        "an event has the fields id, eventName, eventTime, new and old");
    EventType type = type(author, event, catalog);
    String time = event.optionalText("eventTime", RuleForm.EVENT_NAME_LENGTH_MAX);
    Payload after = event.payload("new");
    Payload before = event.payload("old");
    return type == null
        ? new Subject.Nothing()
        : new Subject.Given(type, new Rehearsals.Draft(type.name(), time, after, before));
  }

  /** The type so named; null, which is noted, when there is none. */
  private static @Nullable EventType type(
      Viewer author, JsonProperties properties, Catalog catalog) {
    String text = properties.text("eventName", RuleForm.EVENT_NAME_LENGTH_MAX);
    EventName name = new EventName(text);
    EventType type = catalog.find(name);
    if (type == null && !text.isBlank()) {
      properties.flaw("eventName", catalog.unknown(name, '"' + text + '"', author.events()));
    }
    return type;
  }
}
