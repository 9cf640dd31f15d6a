package dev.tocsin.store;

import dev.tocsin.evaluate.EvaluateSettings;
import dev.tocsin.evaluate.GroupCommit;
import dev.tocsin.evaluate.Loaded;
import dev.tocsin.evaluate.RuleSet;
import dev.tocsin.evaluate.RuleSetChanges;
import dev.tocsin.evaluate.RulesWanted;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.EventsAccepted;
import dev.tocsin.flow.Settlement;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.CalculationParser;
import dev.tocsin.schedule.ArmingStore;
import dev.tocsin.schedule.ArmingSweep;
import dev.tocsin.schedule.ScheduleStore;
import dev.tocsin.schedule.ScheduleSweep;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What a server has that keeps appointments, to be run by hand. One that restarts is another. */
final class AppointmentNode {
  private static final EvaluateSettings SETTINGS =
      new EvaluateSettings(100, 1 << 20, 2, 3, 100, 100, 10, Duration.ofMillis(1));

  /** More than the loads and commits that a change of rules in between takes. */
  private static final int ROUNDS_MAX = 10;

  final ArmingSweep arming;
  final ScheduleSweep firing;
  private final Deque<Runnable> batches = new ArrayDeque<>();
  private final OrganizationId organization;
  private final InstantSource clock;
  private final PgRuleSets rules;
  private final GroupCommit commits;

  /** What all nodes of a test share. */
  record Shared(PgRuleSets rules, PgEntityStates states, PgLedger ledger, InstantSource clock) {
    static Shared of(Database ledger, Duration lateWindow, InstantSource clock) {
      return new Shared(
          new PgRuleSets(
              ledger,
              StoreSamples.seal(1),
              CalculationParser.within(CalculationLimits.DEFAULTS),
              new SimpleMeterRegistry()),
          new PgEntityStates(ledger),
          new PgLedger(
              ledger,
              Duration.ofDays(28),
              clock,
              StoreSamples.EVERYTHING,
              new UUID(9, 9),
              Duration.ofMinutes(1),
              lateWindow),
          clock);
    }
  }

  AppointmentNode(
      Shared shared,
      OrganizationId organization,
      ArmingStore armings,
      int armingBatch,
      ScheduleStore schedule,
      ScheduleSweep.Producer producer) {
    MeterRegistry meters = new SimpleMeterRegistry();
    this.organization = organization;
    this.clock = shared.clock();
    this.rules = shared.rules();
    this.commits =
        GroupCommit.over(
            SETTINGS,
            shared.states(),
            shared.ledger(),
            runs -> {},
            StoreSamples::id,
            clock,
            meters);
    this.arming = new ArmingSweep(new ArmingSweep.Limits(10, armingBatch), armings, clock, meters);
    this.firing =
        new ScheduleSweep(
            new ScheduleSweep.Limits(
                1_000, 1 << 20, 100, 100, Duration.ofSeconds(1), Duration.ofSeconds(1)),
            schedule,
            producer,
            batches::add,
            clock,
            meters);
  }

  /** Has events stored in one commit. */
  List<Settlement> store(List<IncomingEvent> events) {
    List<Settlement> answers = new ArrayList<>();
    commits.submit(
        new EventsAccepted(organization, events, clock.instant().plusSeconds(20)),
        settled -> answers.addAll(settled.settlements()));
    for (int round = 0; answers.size() < events.size(); round++) {
      for (RulesWanted wanted : commits.takeRulesWanted()) {
        commits.loaded(organization, load(wanted));
      }
      commits.runOnce();
      if (round > ROUNDS_MAX) {
        throw new IllegalStateException("events are not stored: " + events);
      }
    }
    return answers;
  }

  private Loaded load(RulesWanted wanted) {
    Optional<RuleSetChanges> changes =
        wanted.since().isPresent()
            ? rules.changesSince(organization, wanted.since().getAsLong())
            : Optional.empty();
    if (changes.isPresent()) {
      return new Loaded.Changed(changes.get());
    }
    Map<OrganizationId, RuleSet> found = rules.load(Set.of(organization));
    return new Loaded.Found(Objects.requireNonNull(found.get(organization)));
  }

  /** Fires what it took first and has not fired yet; false when there is nothing. */
  boolean fireNext() {
    Runnable batch = batches.poll();
    if (batch != null) {
      batch.run();
    }
    return batch != null;
  }
}
