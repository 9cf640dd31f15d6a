package dev.tocsin.api;

import dev.tocsin.event.EventId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.rule.RuleId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where events are read, by viewers from whom some may be hidden. */
public interface Events {
  /**
   * Which events to list; null where it does not matter, and all that is given must hold.
   *
   * @param ids those with one of these ids; empty for all
   * @param eventType the category as the API spells it
   * @param notificationId those that triggered the notification configuration with this id
   * @param notificationCode those that triggered the one with this code
   * @param includeActioned whether events that somebody dealt with are listed too
   * @param created when the server got them
   */
  record Filter(
      List<EventId> ids,
      @Nullable String eventName,
      @Nullable String eventType,
      @Nullable String accountId,
      @Nullable String resourceId,
      @Nullable RuleId notificationId,
      @Nullable String notificationCode,
      boolean includeActioned,
      Period created) {
    public Filter {
      ids = List.copyOf(ids);
      Objects.requireNonNull(created);
    }
  }

  /**
   * A stretch of time, to the millisecond that an event's id has.
   *
   * @param from the first moment of it; null for no bound
   * @param to the first moment after it; null for no bound
   */
  record Period(@Nullable Instant from, @Nullable Instant to) {
    /** All time. */
    public static final Period ALWAYS = new Period(null, null);
  }

  /**
   * A page, newest first. Every event acknowledged before the first page was read, and not hidden,
   * appears exactly once over its pages.
   */
  Page<StoredEvent> list(Viewer viewer, Filter filter, PageRequest page);

  /** The one with this id. */
  Optional<StoredEvent> find(Viewer viewer, EventId id);

  /**
   * Marks events as dealt with, or as not. One that is already dealt with keeps the time.
   *
   * @param now when they were dealt with
   * @return those there are, newest first
   */
  List<StoredEvent> action(Viewer viewer, Collection<EventId> ids, boolean actioned, Instant now);
}
