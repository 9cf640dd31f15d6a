package dev.tocsin.stream;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The events of organizations, in an order to which later ones are only added at the end. */
public interface EventTail {
  /**
   * Where somebody begins.
   *
   * @param snapshot what was stored by then
   * @param transaction that of the event after which he begins; null when he named none
   */
  record Start(Snapshot snapshot, @Nullable Long transaction) {
    public Start {
      Objects.requireNonNull(snapshot);
    }
  }

  /**
   * Where to begin: after an event, or with what is stored from now on.
   *
   * @param hidden what the reader may not see
   * @param after null for none
   * @return empty when there is no such event, or none that he may know of
   */
  Optional<Start> start(OrganizationId organization, HiddenEvents hidden, @Nullable EventId after);

  /** Reads on from a place, at most so many events. */
  Stretch read(OrganizationId organization, Position from, int max);

  /** Those of some events that somebody may see from whom something is hidden. */
  Set<EventId> visible(
      OrganizationId organization, HiddenEvents hidden, Collection<EventId> events);
}
