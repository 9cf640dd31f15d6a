package dev.tocsin.evaluate;

import dev.tocsin.catalog.ScheduledDate;
import dev.tocsin.catalog.ScheduledDates;
import dev.tocsin.evaluate.Judged.Appointment;
import dev.tocsin.evaluate.Judged.Firing;
import dev.tocsin.evaluate.Judged.RunBirth;
import dev.tocsin.event.Change;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventId;
import dev.tocsin.event.Ids;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.index.Matches;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows an event to the rules that it may concern, and dates the state that it leaves behind. */
final class Evaluator {
  private final Ids ids;
  private final Counter evaluated;
  private final Counter fired;
  private final Counter failed;
  private final FailureLog failures;

  Evaluator(Ids ids, InstantSource clock, MeterRegistry meters) {
    this.ids = ids;
    this.evaluated = meters.counter("tocsin.rules.evaluated");
    this.fired = meters.counter("tocsin.rules.fired");
    this.failed = meters.counter("tocsin.rules.failed");
    this.failures = new FailureLog(clock);
  }

  /** A new id for an event or what it sets off. */
  EventId newId() {
    return new EventId(ids.next());
  }

  /**
   * Judges one event. A rule that fails to compute does not fire, is counted and logged, and stops
   * neither the event nor another rule. One that the index keeps from the event is not computed.
   */
  Judged judge(
      OrganizationId organization,
      EventId id,
      IncomingEvent event,
      @Nullable Payload before,
      Judged.@Nullable Assumption assumption,
      RuleSet rules) {
    Change change = new Change(event.time(), event.after(), before);
    Matches<Rule> matches = rules.matching(event.name(), change);
    evaluated.increment(matches.evaluated());
    fired.increment(matches.fired().size());
    failed.increment(matches.failed().size());
    matches
        .failed()
        .forEach(failure -> failures.add(organization, failure.rule(), id, failure.outcome()));
    List<Firing> firings = matches.fired().stream().map(this::firing).toList();
    return new Judged(
        organization,
        id,
        event,
        before,
        assumption,
        firings,
        matches.failed(),
        appointments(event, rules.dates()));
  }

  private static List<Appointment> appointments(IncomingEvent event, ScheduledDates dates) {
    EntityRef entity = event.changed();
    if (entity == null) {
      return List.of();
    }
    return dates.of(entity.entity()).stream()
        .map(date -> new Appointment(date, due(date, event.after(), dates)))
        .toList();
  }

  private static ScheduledDate.@Nullable Due due(
      ScheduledDate date, @Nullable Payload state, ScheduledDates dates) {
    return state == null ? null : date.due(state, dates.zone());
  }

  private Firing firing(Rule rule) {
    List<RunBirth> runs =
        rule.targets().stream().map(target -> new RunBirth(new RunId(ids.next()), target)).toList();
    return new Firing(newId(), rule, runs);
  }
}
