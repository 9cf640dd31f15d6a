package dev.tocsin.flow;

import dev.tocsin.bus.BusMessage;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a client is told about a request to store events, whichever way it came in. */
public sealed interface IngestAnswer extends BusMessage {
  /** Each event was stored, recognised as a repetition, or rejected with its reason. */
  record Processed(List<Accepted> accepted, List<Rejected> rejected) implements IngestAnswer {
    public Processed {
      accepted = List.copyOf(accepted);
      rejected = List.copyOf(rejected);
    }
  }

  /** The request is not of the form it must have; nothing of it was stored. */
  record Malformed(String message, @Nullable String pointer) implements IngestAnswer {
    public Malformed {
      Objects.requireNonNull(message);
    }
  }

  /** The request holds more than one request may; nothing of it was stored. */
  record TooLarge(String message) implements IngestAnswer {
    public TooLarge {
      Objects.requireNonNull(message);
    }
  }

  /** As much as may be is in flight already; nothing of the request was stored. */
  record Busy(Scope scope, Duration retryAfter) implements IngestAnswer {
    public Busy {
      Objects.requireNonNull(scope);
      Objects.requireNonNull(retryAfter);
    }

    /** Whose limit was reached. */
    public enum Scope {
      ORGANIZATION,
      SERVER
    }
  }

  /** Nobody can say whether the events were stored; sending them again with their ids is safe. */
  record Unavailable(String message, Duration retryAfter) implements IngestAnswer {
    public Unavailable {
      Objects.requireNonNull(message);
      Objects.requireNonNull(retryAfter);
    }
  }

  /**
   * The state that an entity is said to have was news, and is told by an event.
   *
   * @param name what the event is named; null for a repetition of one that is not there any more,
   *     or is about something else
   * @param duplicate whether this request was a repetition; the event is then that of the first
   */
  record Changed(
      EventId id, @Nullable EventName name, boolean duplicate, List<Settlement.Fired> notifications)
      implements IngestAnswer {
    public Changed {
      Objects.requireNonNull(id);
      notifications = List.copyOf(notifications);
    }
  }

  /** The entity had that state already; nothing was stored. */
  record Unchanged() implements IngestAnswer {}

  /** There is no entity of that id that could be gone; nothing was stored. */
  record Absent() implements IngestAnswer {}

  /** There is no entity type of that name; nothing was stored. */
  record NoSuchEntity(String message) implements IngestAnswer {
    public NoSuchEntity {
      Objects.requireNonNull(message);
    }
  }

  /** What is said of a state beside it is wrong; nothing was stored. */
  record BadParameter(String parameter, String message) implements IngestAnswer {
    public BadParameter {
      Objects.requireNonNull(parameter);
      Objects.requireNonNull(message);
    }
  }

  /**
   * The content of a state is wrong.
   *
   * @param pointer where in the state (RFC 6901)
   * @param failureEvent what keeps it; null when nothing was stored
   */
  record BadState(String pointer, String message, @Nullable EventId failureEvent)
      implements IngestAnswer {
    public BadState {
      Objects.requireNonNull(pointer);
      Objects.requireNonNull(message);
    }
  }

  /**
   * An event that is durable.
   *
   * @param index its place in the request
   * @param duplicate whether this request was a repetition; id and notifications are then those of
   *     the first
   */
  record Accepted(int index, EventId id, boolean duplicate, List<Settlement.Fired> notifications) {
    public Accepted {
      Objects.requireNonNull(id);
      notifications = List.copyOf(notifications);
    }
  }

  /**
   * An event whose content is wrong. The rejection itself is stored, as an event that rules can
   * listen to.
   *
   * @param code stable, for programs
   * @param message for people: what is wrong, where, and what was expected
   * @param meant the event type that was probably meant by a name that is none, for those who may
   *     know of it; null when nobody can say
   */
  record Rejected(
      int index, String code, String message, @Nullable EventName meant, EventId failureEvent) {
    public Rejected {
      Objects.requireNonNull(code);
      Objects.requireNonNull(message);
      Objects.requireNonNull(failureEvent);
    }
  }
}
