package dev.tocsin.api;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where it is kept when which scheduled event is due. */
public interface ScheduledDues {
  /** How far appointments are counted: as many as that may be more. */
  int COUNTED_MAX = 10_000;

  /** What came of a configuration so far; empty when there is none. */
  Optional<Status> status(OrganizationId organization, UUID configuration);

  /**
   * How far a configuration is with what was stored before it, and what it has; what it has is
   * counted to {@link #COUNTED_MAX}.
   *
   * @param scanned how many stored states were walked through
   * @param armed how many appointments that made
   * @param passed how many of these dates were over already
   * @param completed when the walk was through; null while it is not
   * @param waiting how many appointments wait, those that are due among them
   * @param overdue how many of these are due
   * @param fired how many entities' last appointment fired
   * @param skipped of how many it was over when it was made
   * @param nextDue when the first that waits is due
   * @param lastFired when the last of those fired
   */
  record Status(
      long scanned,
      long armed,
      long passed,
      Instant started,
      @Nullable Instant completed,
      long waiting,
      long overdue,
      long fired,
      long skipped,
      @Nullable Instant nextDue,
      @Nullable Instant lastFired) {
    public Status {
      Objects.requireNonNull(started);
    }
  }

  /**
   * Appointments, in the order of their {@link Position}s, without those that the viewer may not
   * know of.
   */
  Page<Appointment> list(Viewer viewer, Filter filter, @Nullable Position after, int size);

  /**
   * Which appointments.
   *
   * @param from due then or later
   * @param to due before then
   * @param withEnded also what fired or was skipped; only of one entity id
   */
  record Filter(
      @Nullable UUID configuration,
      @Nullable String entityId,
      @Nullable Instant from,
      @Nullable Instant to,
      boolean withEnded) {
    public Filter {
      if (withEnded && entityId == null) {
        throw new IllegalArgumentException("what ended is found by its entity");
      }
    }
  }

  /** Where an appointment stands in a list: by each of these in turn. */
  record Position(Instant due, UUID configuration, Instant armed, String entityId) {
    public Position {
      Objects.requireNonNull(due);
      Objects.requireNonNull(configuration);
      Objects.requireNonNull(armed);
      Objects.requireNonNull(entityId);
    }
  }

  /**
   * An appointment.
   *
   * @param why the configuration that it is of
   * @param value the date as the entity's state has it
   * @param zone the organization's
   * @param outcome {@code FIRED} or {@code SKIPPED}; null while it waits
   * @param ended when it fired or was skipped
   */
  record Appointment(
      Position position,
      ScheduledEventConfiguration.Content why,
      String value,
      ZoneId zone,
      @Nullable String outcome,
      @Nullable Instant ended) {
    public Appointment {
      Objects.requireNonNull(position);
      Objects.requireNonNull(why);
      Objects.requireNonNull(value);
      Objects.requireNonNull(zone);
    }
  }

  /** The organization's time zone. */
  ZoneId zone(OrganizationId organization);

  /**
   * The next stored states of an entity, in the order of their ids.
   *
   * @param after the id to begin after; null begins with the first
   */
  States states(OrganizationId organization, String entity, @Nullable String after, int max);

  /**
   * Some states.
   *
   * @param isLast whether no more follow
   */
  record States(List<State> states, boolean isLast) {
    public States {
      states = List.copyOf(states);
    }
  }

  /**
   * The state of an entity.
   *
   * @param payload null when the entity is deleted
   */
  record State(String entityId, @Nullable Payload payload) {
    public State {
      Objects.requireNonNull(entityId);
    }
  }
}
