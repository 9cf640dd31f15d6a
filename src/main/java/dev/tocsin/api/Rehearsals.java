package dev.tocsin.api;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.event.Change;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What posting an event would make of it, without posting it. */
public interface Rehearsals {
  /**
   * An event as somebody gives it.
   *
   * @param time the text of {@code eventTime}; null when it is not given
   */
  record Draft(
      EventName name, @Nullable String time, @Nullable Payload after, @Nullable Payload before) {
    public Draft {
      Objects.requireNonNull(name);
    }
  }

  /** What would become of it. */
  sealed interface Rehearsed {
    /**
     * It would be judged as this change.
     *
     * @param writer the event that the old state is known by, since none was given; null for none
     */
    record Judged(Change change, @Nullable EventId writer) implements Rehearsed {
      public Judged {
        Objects.requireNonNull(change);
      }
    }

    /**
     * It would be rejected.
     *
     * @param pointer where in the event (RFC 6901)
     */
    record Rejected(String pointer, String message) implements Rehearsed {
      public Rejected {
        Objects.requireNonNull(pointer);
        Objects.requireNonNull(message);
      }
    }
  }

  /**
   * Rehearses an event.
   *
   * @param catalog of the organization
   * @param now the time of an event that is given without its own
   */
  Rehearsed rehearse(OrganizationId organization, Catalog catalog, Draft draft, Instant now);
}
