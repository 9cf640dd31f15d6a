package dev.tocsin.evaluate;

import dev.tocsin.evaluate.Judged.Firing;
import dev.tocsin.evaluate.Judged.RunBirth;
import dev.tocsin.event.Change;
import dev.tocsin.event.EventId;
import dev.tocsin.event.Ids;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows an event to the rules that listen to it. */
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
   * neither the event nor another rule.
   */
  Judged judge(
      OrganizationId organization,
      EventId id,
      IncomingEvent event,
      @Nullable Payload before,
      Judged.@Nullable Assumption assumption,
      RuleSet rules) {
    List<Rule> listening = rules.listeningTo(event.name());
    List<Firing> firings = new ArrayList<>(0);
    if (!listening.isEmpty()) {
      Change change = new Change(event.time(), event.after(), before);
      evaluated.increment(listening.size());
      for (Rule rule : listening) {
        switch (rule.judge(change)) {
          case Outcome.Fires fires -> firings.add(firing(rule));
          case Outcome.DoesNotFire not -> {}
          case Outcome.Failed failure -> {
            failed.increment();
            failures.add(organization, rule, id, failure);
          }
        }
      }
      fired.increment(firings.size());
    }
    return new Judged(organization, id, event, before, assumption, firings);
  }

  private Firing firing(Rule rule) {
    List<RunBirth> runs =
        rule.targets().stream().map(target -> new RunBirth(new RunId(ids.next()), target)).toList();
    return new Firing(newId(), rule, runs);
  }
}
