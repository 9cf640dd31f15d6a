package dev.tocsin.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Category;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.IncomingEvent.Timing;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Transition;
import dev.tocsin.flow.StoreUnavailable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LearnSweepTest {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final FieldLearner learner =
      new FieldLearner(
          new LearnSettings(
              10_000, 10, 2, 30, 1_000, 100, 10_000, LearnSamples.SETTINGS.seenEvery()),
          meters);
  private final List<Integer> batches = new ArrayList<>();
  private boolean away;
  private final LearnSweep sweep = new LearnSweep(learner, this::note, meters);

  private int note(List<SeenField> seen) {
    if (away) {
      throw new StoreUnavailable("away", new IllegalStateException());
    }
    batches.add(seen.size());
    return seen.size() / 10;
  }

  private void learn(int fields) throws IOException {
    String json =
        IntStream.range(0, fields)
            .mapToObj(i -> "\"f" + i + "\":1")
            .collect(Collectors.joining(",", "{", "}"));
    learner.learn(
        new OrganizationId(new UUID(0, 1)),
        1,
        new IncomingEvent(
            null,
            new EventName("signup"),
            Category.CUSTOM,
            NOW,
            Timing.ARRIVED,
            null,
            Transition.NONE,
            null,
            JsonValues.payload(json),
            null),
        NOW);
  }

  @Test
  void everything_is_written_in_batches_and_what_was_refused_is_counted() throws IOException {
    learn(250);

    assertThat(sweep.runOnce()).isEqualTo(new LearnSweep.Round(250, 25));
    assertThat(batches).containsExactly(100, 100, 50);
    assertThat(meters.counter("tocsin.catalog.learned.written").count()).isEqualTo(225);
    assertThat(meters.counter("tocsin.catalog.learned.refused").count()).isEqualTo(25);
    assertThat(sweep.runOnce()).isEqualTo(new LearnSweep.Round(0, 0));
  }

  @Test
  void what_could_not_be_written_is_written_when_the_store_is_back() throws IOException {
    learn(150);
    away = true;
    assertThat(sweep.runOnce()).isEqualTo(new LearnSweep.Round(0, 0));
    away = false;

    assertThat(sweep.runOnce().noted()).isEqualTo(150);
  }
}
