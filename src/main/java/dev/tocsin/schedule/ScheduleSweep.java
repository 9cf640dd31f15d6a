package dev.tocsin.schedule;

import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.Produced;
import dev.tocsin.flow.StoreUnavailable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires scheduled events that are due. What is due is taken in batches, each of one organization,
 * and organizations take turns. Batches are fired side by side, so that one that is slow to store
 * keeps no other waiting, and the next is taken while the last is being stored.
 *
 * <p>Events are stored, and then their appointments noted as fired; if the server dies between the
 * two, they are fired again under the same keys, which changes nothing.
 */
public final class ScheduleSweep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ScheduleSweep.class);

  /** Single events, each with a commit of its own, would cost ten times as much. */
  private static final Duration PAUSE_MIN = Duration.ofMillis(20);

  /** Beyond what a look and a commit take; then servers were away, or have too much to do. */
  private static final Duration LATE = Duration.ofSeconds(10);

  /** How many configurations a line of the log names. */
  private static final int NAMED_MAX = 5;

  private final Limits limits;
  private final ScheduleStore store;
  private final Producer producer;
  private final Executor batches;
  private final InstantSource clock;
  private final Slots slots;
  private final Counter fired;
  private final Counter kept;
  private final Timer late;
  private @Nullable OrganizationId last;
  private Instant turnBegan = Instant.MIN;
  private boolean isMore;
  private Instant overdueAsOf = Instant.MIN;
  private volatile double overdue;

  /**
   * The bounds of a sweep.
   *
   * @param eventsMax how many events a batch has, at most
   * @param bytesMax how many bytes the states of a batch have, at most, unless it has one alone
   * @param batchesMax how many batches are under way, at most
   * @param perOrganizationMax how many of them are of one organization, at most
   * @param pollEvery how long nothing is looked for, at most
   * @param retryAfter how long what could not be fired is left alone
   */
  public record Limits(
      int eventsMax,
      int bytesMax,
      int batchesMax,
      int perOrganizationMax,
      Duration pollEvery,
      Duration retryAfter) {
    public Limits {
      if (eventsMax < 1
          || bytesMax < 1
          || batchesMax < 1
          || perOrganizationMax < 1
          || !pollEvery.isPositive()
          || !retryAfter.isPositive()) {
        throw new IllegalArgumentException("limits of the schedule sweep must be positive");
      }
    }
  }

  /** Where events go. */
  @FunctionalInterface
  public interface Producer {
    /** Has events stored and waits for it. */
    Produced produce(OrganizationId organization, List<IncomingEvent> events);
  }

  /**
   * A sweep for one node.
   *
   * @param batches runs each batch, on a thread that may wait
   */
  public ScheduleSweep(
      Limits limits,
      ScheduleStore store,
      Producer producer,
      Executor batches,
      InstantSource clock,
      MeterRegistry meters) {
    this.limits = limits;
    this.store = store;
    this.producer = producer;
    this.batches = batches;
    this.clock = clock;
    this.slots = new Slots(limits.batchesMax(), limits.perOrganizationMax());
    this.fired = meters.counter("tocsin.schedule.fired");
    this.kept = meters.counter("tocsin.schedule.kept");
    this.late = meters.timer("tocsin.schedule.late");
    meters.gauge("tocsin.schedule.batches", slots, Slots::taken);
    Gauge.builder("tocsin.schedule.overdue", this, sweep -> sweep.overdue)
        .baseUnit("seconds")
        .register(meters);
  }

  /**
   * What one round did.
   *
   * @param taken how many events were taken to be fired
   * @param pause how long the next round may wait; less when a batch ends before
   */
  public record Round(int taken, Duration pause) {}

  /** Tells whoever runs the rounds when a batch has ended, so that there is room for another. */
  public void onRoom(Runnable told) {
    slots.onFreed(told);
  }

  /** Takes what is due, within the bounds, and begins to fire it. */
  public Round runOnce() {
    lookForOverdue();
    int free = slots.free();
    if (free == 0) {
      return new Round(0, limits.pollEvery());
    }
    if (last == null) {
      turnBegan = clock.instant();
      isMore = false;
    }
    ScheduleStore.Claimed claimed =
        store.claim(
            new ScheduleStore.Wanted(
                last, slots.full(), free, limits.eventsMax(), limits.bytesMax()));
    Map<OrganizationId, List<DueEvent>> byOrganization = new LinkedHashMap<>();
    claimed
        .due()
        .forEach(due ->
            byOrganization.computeIfAbsent(due.organization(), none -> new ArrayList<>()).add(due));
    last = claimed.cameTo();
    isMore |= claimed.isMore();
    byOrganization.forEach((organization, theirs) -> {
      slots.take(organization);
      batches.execute(() -> fire(organization, theirs));
    });
    return new Round(claimed.due().size(), last != null || isMore ? Duration.ZERO : pause());
  }

  /** Now and then, also when there is no room for more. */
  private void lookForOverdue() {
    Instant now = clock.instant();
    if (now.isBefore(overdueAsOf)) {
      return;
    }
    overdueAsOf = now.plus(limits.pollEvery());
    Instant since = store.overdueSince();
    overdue = since == null ? 0 : Math.max(0, Duration.between(since, now).toNanos() / 1e9);
  }

  /**
   * After all organizations had their turn: until something is due that was not when that began.
   * What was due and could not be taken has no part in it: it may never fire, or its time is over
   * when the other node's lease is.
   */
  private Duration pause() {
    Instant next = store.nextDue(turnBegan);
    Duration until = next == null ? limits.pollEvery() : Duration.between(clock.instant(), next);
    return min(limits.pollEvery(), until.compareTo(PAUSE_MIN) < 0 ? PAUSE_MIN : until);
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void fire(OrganizationId organization, List<DueEvent> events) {
    try {
      produce(organization, events);
    } catch (StoreUnavailable e) {
      kept.increment(events.size());
      log.warn(
          "scheduled events not fired yet organization={} count={} cause=\"{}\"",
          organization,
          events.size(),
          e.getMessage());
    } catch (RuntimeException e) {
      kept.increment(events.size());
      log.error(
          "scheduled events could not be fired organization={} count={}",
          organization,
          events.size(),
          e);
    } finally {
      slots.free(organization);
    }
  }

  private void produce(OrganizationId organization, List<DueEvent> events) {
    switch (producer.produce(organization, events.stream().map(ScheduledEvents::of).toList())) {
      case Produced.Stored(Set<Integer> before) -> {
        Instant stored = clock.instant();
        note(events, before);
        fired(organization, without(before, events), stored);
      }
      case Produced.Postponed(String reason) -> {
        log.warn(
            "scheduled events not stored yet organization={} count={} cause=\"{}\"",
            organization,
            events.size(),
            reason);
        keep(events);
      }
      case Produced.Failed(Throwable cause) -> {
        log.error(
            "scheduled events could not be stored organization={} count={}",
            organization,
            events.size(),
            cause);
        keep(events);
      }
    }
  }

  /** A date that was set back to one that has fired, or what a node stored before it died. */
  private static List<DueEvent> without(Set<Integer> positions, List<DueEvent> events) {
    return IntStream.range(0, events.size())
        .filter(position -> !positions.contains(position))
        .mapToObj(events::get)
        .toList();
  }

  /**
   * Notes what was fired, which is the same however often. Whoever changes the same appointments
   * may be in the way once, and what is not noted is fired again when its lease is over.
   */
  private void note(List<DueEvent> events, Set<Integer> before) {
    try {
      store.fired(events, before);
    } catch (StoreUnavailable e) {
      throw e;
    } catch (RuntimeException first) {
      try {
        store.fired(events, before);
      } catch (RuntimeException second) {
        second.addSuppressed(first);
        throw second;
      }
    }
  }

  /** What came after it was due is late by its sender, and says nothing of this server. */
  private void fired(OrganizationId organization, List<DueEvent> events, Instant stored) {
    fired.increment(events.size());
    List<DueEvent> ours = events.stream().filter(event -> !event.cameLate()).toList();
    ours.forEach(event -> late.record(Duration.between(event.due(), stored)));
    List<DueEvent> veryLate =
        ours.stream()
            .filter(event -> Duration.between(event.due(), stored).compareTo(LATE) > 0)
            .toList();
    if (!veryLate.isEmpty()) {
      DueEvent latest = Collections.min(veryLate, Comparator.comparing(DueEvent::due));
      log.info(
          "scheduled events fired late organization={} count={} late={} configurations={}",
          organization,
          veryLate.size(),
          Duration.between(latest.due(), stored),
          veryLate.stream().map(DueEvent::configuration).distinct().limit(NAMED_MAX).toList());
    }
  }

  private void keep(Collection<DueEvent> events) {
    kept.increment(events.size());
    store.giveBack(events, limits.retryAfter());
  }

  /** Waits until what is under way has ended; nobody may begin more. */
  @Override
  public void close() {
    slots.awaitAllFree();
  }
}
