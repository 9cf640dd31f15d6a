package dev.tocsin.app;

import dev.tocsin.bus.Bus;
import dev.tocsin.config.Settings;
import dev.tocsin.deliver.FailureStore;
import dev.tocsin.deliver.FailureSweep;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.EventsProduced;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.Produced;
import dev.tocsin.schedule.ScheduleSweep;
import dev.tocsin.store.PgFailureStore;
import dev.tocsin.store.PgScheduleStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;

/**
 * The verticles that make events themselves, of failed deliveries and of what is scheduled, and
 * have them stored by way of ingest.
 */
record EventMakers(
    Deployments deployments,
    Settings settings,
    Pools pools,
    Bus bus,
    Duration grace,
    MeterRegistry meters) {
  /** Deploys them; ingest must be there. */
  void deploy() {
    failures();
    schedule();
  }

  private void failures() {
    FailureStore store =
        new PgFailureStore(
            pools.delivery(), pools.shared(), pools.retention(), settings.delivery().lease());
    FailureSweep sweep =
        new FailureSweep(
            StageSettings.failures(settings),
            store,
            this::produce,
            changed -> bus.ring(Flow.RULES_CHANGED, changed),
            meters);
    deployments.deploy(
        "delivery failures",
        SweepVerticle.paced(
            "failure",
            settings.delivery().sweepEvery(),
            () -> {
              sweep.runOnce();
              return false; // However many there are: the pause is what bounds a storm.
            }));
  }

  private void schedule() {
    ScheduleSweep sweep =
        new ScheduleSweep(
            StageSettings.schedule(settings),
            new PgScheduleStore(pools.schedule(), pools.clock(), settings.schedule().lease()),
            this::produce,
            work -> Thread.ofVirtual().name("schedule").start(work),
            pools.clock(),
            meters);
    SweepVerticle rounds =
        new SweepVerticle(
            "schedule", () -> sweep.runOnce().pause(), settings.schedule().pollEvery());
    // So that it is closed after the rounds have stopped, and before ingest.
    deployments.parts().add("scheduled events", sweep);
    deployments.deploy("schedule", rounds);
    sweep.onRoom(rounds::wake);
  }

  /** Waits, so not on an event loop. */
  private Produced produce(OrganizationId organization, List<IncomingEvent> events) {
    Duration patience = settings.ingest().answerWithin().plus(grace).plus(grace);
    return bus.ask(Flow.EVENTS_PRODUCED, new EventsProduced(organization, events), patience)
        .map(Produced::of)
        .otherwise(Produced.Failed::new)
        .await();
  }
}
