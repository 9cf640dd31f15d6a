package dev.tocsin.evaluate;

import dev.tocsin.catalog.ScheduledDate;
import dev.tocsin.event.Change;
import dev.tocsin.event.EventId;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.index.Matches;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event with everything it sets off, ready to be committed.
 *
 * @param before the old state that rules saw: as sent, or filled in from the entity's stored state
 * @param assumption what the judgement takes for granted about the entity; null when it takes
 *     nothing for granted
 * @param failures the rules that could not be computed
 * @param appointments what the new state of the entity means for each scheduled event configuration
 *     of it; empty when the event changes no entity, or one that has none
 */
public record Judged(
    OrganizationId organization,
    EventId id,
    IncomingEvent event,
    @Nullable Payload before,
    @Nullable Assumption assumption,
    List<Firing> firings,
    List<Matches.Failure<Rule>> failures,
    List<Appointment> appointments) {
  public Judged {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(id);
    Objects.requireNonNull(event);
    firings = List.copyOf(firings);
    failures = List.copyOf(failures);
    appointments = List.copyOf(appointments);
  }

  /**
   * When a scheduled event is due.
   *
   * @param due null when it is not: the state has no such date, or there is no state any more
   */
  public record Appointment(ScheduledDate date, ScheduledDate.@Nullable Due due) {
    public Appointment {
      Objects.requireNonNull(date);
    }
  }

  /**
   * That a stored state was still the latest when the commit began.
   *
   * @param writer the event that wrote the state; null when there was none
   */
  public record Assumption(@Nullable EventId writer) {}

  /**
   * A rule that fired.
   *
   * @param notification the id of the event that will tell of it
   */
  public record Firing(EventId notification, Rule rule, List<RunBirth> runs) {
    public Firing {
      Objects.requireNonNull(notification);
      Objects.requireNonNull(rule);
      runs = List.copyOf(runs);
    }
  }

  /** A delivery that begins with the commit; one to a target that is off ends with it too. */
  public record RunBirth(RunId id, Target target) {
    public RunBirth {
      Objects.requireNonNull(id);
      Objects.requireNonNull(target);
    }
  }

  /** What the rules saw. */
  Change change() {
    return new Change(event.time(), event.after(), before);
  }

  /** The event as it will be read. */
  public StoredEvent stored() {
    return new StoredEvent(
        organization,
        id,
        event.name(),
        event.category(),
        event.time(),
        event.entity() == null ? null : event.entity().id(),
        event.accountId(),
        event.after() == null ? null : event.after().json(),
        before == null ? null : before.json(),
        null);
  }
}
