package dev.tocsin.expire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.expire.WaitingRunSweep.Round;
import dev.tocsin.expire.WaitingRuns.Ended;
import dev.tocsin.flow.RunId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WaitingRunSweepTest {
  private final Queue<Integer> batches = new ArrayDeque<>();
  private final WaitingRunSweep sweep =
      new WaitingRunSweep(this::end, 10, new SimpleMeterRegistry());

  /** Some of a batch may be locked, and others are behind it. */
  @Test
  void there_may_be_more_until_a_batch_is_empty() {
    batches.addAll(List.of(10, 7, 0));

    assertThat(sweep.runOnce()).isEqualTo(new Round(10, true));
    assertThat(sweep.runOnce()).isEqualTo(new Round(7, true));
    assertThat(sweep.runOnce()).isEqualTo(new Round(0, false));
  }

  private List<Ended> end(int max) {
    UUID id = new UUID(0, 1);
    return Collections.nCopies(
        Math.min(max, batches.remove()), new Ended(new OrganizationId(id), new RunId(id)));
  }
}
