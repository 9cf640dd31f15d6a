package dev.tocsin.schedule;

import static dev.tocsin.schedule.MemoryScheduleStore.LEASE;
import static dev.tocsin.schedule.MemoryScheduleStore.due;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.Produced;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ScheduleSweepTest {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<IncomingEvent> produced = new ArrayList<>();
  private final Queue<Runnable> underWay = new ArrayDeque<>();
  private Instant now = NOW;
  private Produced outcome = new Produced.Stored();
  private final MemoryScheduleStore store = new MemoryScheduleStore(() -> now);

  /** Batches end when the test has them run. */
  private final ScheduleSweep sweep = sweep(2, 3, 2);

  private ScheduleSweep sweep(int eventsMax, int batchesMax, int perOrganizationMax) {
    return new ScheduleSweep(
        new ScheduleSweep.Limits(eventsMax, 1_000, batchesMax, perOrganizationMax, POLL, RETRY),
        store,
        this::produce,
        underWay::add,
        () -> now,
        meters);
  }

  private Produced produce(OrganizationId organization, List<IncomingEvent> events) {
    if (outcome instanceof Produced.Stored) {
      produced.addAll(events);
    }
    return outcome;
  }

  private DueEvent armed(int organization, String bill, Instant at) {
    DueEvent due = due(organization, 1, bill, at, "{\"id\":\"" + bill + "\"}");
    store.add(due);
    return due;
  }

  private void endAll() {
    while (!underWay.isEmpty()) {
      underWay.remove().run();
    }
  }

  private double count(String meter) {
    return meters.counter("tocsin.schedule." + meter).count();
  }

  @Test
  void what_was_stored_before_is_noted_and_counts_as_fired_no_more() {
    armed(1, "b1", NOW.minusSeconds(2));
    armed(1, "b2", NOW.minusSeconds(1));
    outcome = new Produced.Stored(Set.of(0));

    sweep.runOnce();
    endAll();

    assertThat(count("fired")).isEqualTo(1);
    assertThat(meters.timer("tocsin.schedule.late").count()).isEqualTo(1);
    assertThat(store.fired()).hasSize(2);
  }

  @Test
  void what_is_due_is_fired_and_then_over() {
    DueEvent due = armed(1, "b1", NOW.minusSeconds(2));
    DueEvent later = armed(1, "b2", NOW.plusSeconds(2));

    assertThat(sweep.runOnce().taken()).isEqualTo(1);
    endAll();
    assertThat(store.fired()).containsExactly(due);
    assertThat(produced).extracting(IncomingEvent::entity).containsExactly(due.entity());
    assertThat(count("fired")).isEqualTo(1);
    assertThat(meters.timer("tocsin.schedule.late").totalTime(TimeUnit.SECONDS)).isEqualTo(2);

    now = NOW.plusSeconds(2);
    sweep.runOnce();
    endAll();
    assertThat(store.fired()).containsExactlyInAnyOrder(due, later);
  }

  @Test
  void how_late_an_event_is_says_when_it_was_stored_not_when_that_was_noted() {
    armed(1, "b1", NOW.minusSeconds(2));
    store.beforeNextNote(() -> now = NOW.plusSeconds(7));
    sweep.runOnce();
    endAll();

    assertThat(meters.timer("tocsin.schedule.late").totalTime(TimeUnit.SECONDS)).isEqualTo(2);
  }

  @Test
  void what_came_after_it_was_due_is_fired_and_does_not_count_as_late() {
    store.add(MemoryScheduleStore.armed(due(1, 1, "b1", NOW.minusSeconds(9), "{}"), NOW));
    armed(1, "b2", NOW.minusSeconds(2));
    sweep.runOnce();
    endAll();

    assertThat(count("fired")).isEqualTo(2);
    assertThat(meters.timer("tocsin.schedule.late").count()).isEqualTo(1);
    assertThat(meters.timer("tocsin.schedule.late").totalTime(TimeUnit.SECONDS)).isEqualTo(2);
  }

  @Test
  void it_tells_how_long_the_oldest_is_overdue_also_when_there_is_no_room() {
    for (int organization = 1; organization <= 3; organization++) {
      armed(organization, "b1", NOW.minusSeconds(3));
    }
    armed(1, "b2", NOW.plusSeconds(1));
    sweep.runOnce();
    assertThat(overdue()).isEqualTo(3);

    now = NOW.plusSeconds(2);
    assertThat(sweep.runOnce()).as("no room").isEqualTo(new ScheduleSweep.Round(0, POLL));
    assertThat(overdue()).as("under way and not fired yet").isEqualTo(5);
    endAll();
    now = NOW.plusSeconds(3);
    sweep.runOnce();
    assertThat(overdue()).isEqualTo(2);
    sweep.runOnce();
    endAll();
    now = NOW.plusSeconds(4);
    sweep.runOnce();
    assertThat(overdue()).isZero();
  }

  private double overdue() {
    return meters.get("tocsin.schedule.overdue").gauge().value();
  }

  @Test
  void it_rests_until_the_next_is_due_and_no_longer_than_it_polls() {
    assertThat(sweep.runOnce().pause()).isEqualTo(POLL);
    armed(1, "b1", NOW.plusMillis(300));
    assertThat(sweep.runOnce().pause()).isEqualTo(Duration.ofMillis(300));
    armed(1, "b2", NOW.plusMillis(1));
    assertThat(sweep.runOnce().pause()).as("gathers some").isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void what_was_due_and_is_not_to_be_had_shortens_no_rest_and_makes_none_longer() {
    armed(1, "b1", NOW.minusSeconds(1));
    sweep.runOnce();
    assertThat(sweep.runOnce()).isEqualTo(new ScheduleSweep.Round(0, POLL));

    armed(1, "b2", NOW.plusMillis(300));
    assertThat(sweep.runOnce().pause()).isEqualTo(Duration.ofMillis(300));
  }

  /** It became due after the organizations were looked at, one after the other. */
  @Test
  void what_becomes_due_while_organizations_have_their_turns_is_not_slept_over() {
    ScheduleSweep narrow = sweep(9, 2, 2);
    for (int organization = 1; organization <= 3; organization++) {
      armed(organization, "b1", NOW);
    }
    assertThat(narrow.runOnce()).isEqualTo(new ScheduleSweep.Round(2, Duration.ZERO));
    armed(1, "b2", NOW.plusMillis(5));
    now = NOW.plusMillis(7);
    endAll();

    assertThat(narrow.runOnce()).isEqualTo(new ScheduleSweep.Round(1, Duration.ofMillis(20)));
  }

  @Test
  void it_goes_on_at_once_while_more_is_due_and_there_is_room() {
    for (int i = 0; i < 9; i++) {
      armed(1, "b" + i, NOW);
    }
    assertThat(sweep.runOnce()).isEqualTo(new ScheduleSweep.Round(2, Duration.ZERO));
    assertThat(sweep.runOnce().taken()).as("beside the first batch").isEqualTo(2);
    assertThat(sweep.runOnce()).as("full").isEqualTo(new ScheduleSweep.Round(0, POLL));
    underWay.remove().run();
    assertThat(sweep.runOnce().taken()).isEqualTo(2);
  }

  @Test
  void an_organization_that_is_slow_holds_up_no_other() {
    for (int i = 0; i < 9; i++) {
      armed(1, "b" + i, NOW);
    }
    sweep.runOnce();
    sweep.runOnce();
    DueEvent other = armed(2, "b1", NOW);

    assertThat(sweep.runOnce().taken()).isEqualTo(1);
    ((ArrayDeque<Runnable>) underWay).removeLast().run();
    assertThat(store.fired()).containsExactly(other);
  }

  @Test
  void organizations_take_turns_when_there_are_more_than_there_is_room_for() {
    ScheduleSweep narrow = sweep(1, 1, 1);
    for (int organization = 1; organization <= 3; organization++) {
      armed(organization, "b1", NOW);
      armed(organization, "b2", NOW);
    }
    for (int round = 0; round < 3; round++) {
      narrow.runOnce();
      endAll();
    }

    assertThat(store.fired()).extracting(DueEvent::organization).doesNotHaveDuplicates().hasSize(3);
    while (store.fired().size() < 6) {
      narrow.runOnce();
      endAll();
    }
  }

  @Test
  void what_ingest_has_no_room_for_is_tried_again_after_a_while() {
    is_tried_again_after_a_while(new Produced.Postponed("full"));
  }

  @Test
  void what_nobody_answered_is_tried_again_after_a_while() {
    is_tried_again_after_a_while(new Produced.Failed(new IllegalStateException("a test's")));
  }

  private void is_tried_again_after_a_while(Produced first) {
    DueEvent due = armed(1, "b1", NOW);
    outcome = first;
    sweep.runOnce();
    endAll();
    assertThat(count("kept")).isEqualTo(1);
    assertThat(store.fired()).isEmpty();

    outcome = new Produced.Stored();
    assertThat(sweep.runOnce().taken()).isZero();
    now = NOW.plus(RETRY);
    sweep.runOnce();
    endAll();
    assertThat(store.fired()).containsExactly(due);
  }

  @Test
  void what_is_fired_again_because_nobody_knows_has_the_same_key() {
    armed(1, "b1", NOW);
    sweep.runOnce();
    Runnable lost = underWay.remove();
    now = NOW.plus(LEASE);
    sweep.runOnce();
    endAll();
    lost.run();

    Set<IdempotencyKey> keys =
        produced.stream().map(IncomingEvent::key).collect(Collectors.toSet());
    assertThat(produced).hasSize(2);
    assertThat(keys).hasSize(1);
  }

  @Test
  void a_batch_whose_outcome_is_lost_makes_room_as_any() {
    armed(1, "b1", NOW);
    store.loseNextAnswer();
    List<String> told = new ArrayList<>();
    sweep.onRoom(() -> told.add("room"));
    sweep.runOnce();
    assertThat(meters.get("tocsin.schedule.batches").gauge().value()).isEqualTo(1);
    endAll();

    assertThat(told).hasSize(1);
    assertThat(count("kept")).isEqualTo(1);
    assertThat(meters.get("tocsin.schedule.batches").gauge().value()).isZero();
  }

  /** A deadlock, say, with whoever changes the same appointments. */
  @Test
  void what_is_refused_when_it_is_noted_is_noted_once_more() {
    DueEvent due = armed(1, "b1", NOW);
    store.beforeNextNote(() -> {
      throw new IllegalStateException("deadlock detected");
    });
    sweep.runOnce();
    endAll();

    assertThat(store.fired()).containsExactly(due);
    assertThat(count("fired")).isEqualTo(1);
    assertThat(count("kept")).isZero();
  }

  @Test
  void an_end_waits_for_what_is_under_way_and_asks_for_no_more() throws Exception {
    armed(1, "b1", NOW);
    sweep.runOnce();
    List<String> told = new ArrayList<>();
    sweep.onRoom(() -> told.add("room"));
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch begun = new CountDownLatch(1);
      Future<?> end =
          thread.submit(() -> {
            begun.countDown();
            sweep.close();
          });
      begun.await();
      assertThat(end).isNotDone();
      endAll();
      end.get();
    }
    sweep.close();
    assertThat(store.fired()).hasSize(1);
  }
}
