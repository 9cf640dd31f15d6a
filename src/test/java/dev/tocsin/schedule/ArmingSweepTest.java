package dev.tocsin.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.StoreUnavailable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Walks that fail, beside others; what walks do is shown on PostgreSQL. */
class ArmingSweepTest implements ArmingStore {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");

  private final Map<UUID, RuntimeException> failures = new LinkedHashMap<>();
  private final List<UUID> done = new ArrayList<>();
  private final ArmingSweep sweep =
      new ArmingSweep(new ArmingSweep.Limits(10, 10), this, () -> NOW, new SimpleMeterRegistry());

  @Test
  void one_that_fails_keeps_no_other_waiting() {
    failures.put(id(1), new IllegalStateException("no"));

    assertThat(sweep.runOnce()).isEqualTo(new ArmingSweep.Round(3, true));
    assertThat(done).containsExactly(id(2), id(3));
  }

  /** It is for whoever runs the rounds to say so, who knows when the server stops. */
  @Test
  void nor_does_one_whose_statement_was_not_answered_which_is_told_when_the_round_ends() {
    failures.put(id(1), new StoreUnavailable("lost", new IllegalStateException()));
    failures.put(id(2), new StoreUnavailable("lost, too", new IllegalStateException()));

    assertThatThrownBy(sweep::runOnce).isInstanceOf(StoreUnavailable.class).hasMessage("lost");
    assertThat(done).containsExactly(id(3));

    failures.clear();
    assertThat(sweep.runOnce().more()).isTrue();
    assertThat(done).containsExactly(id(3), id(1), id(2), id(3));
  }

  private static UUID id(long number) {
    return new UUID(0, number);
  }

  @Override
  public List<Arming> claim(@Nullable OrganizationId after, int organizationsMax) {
    return List.of(walk(1), walk(2), walk(3));
  }

  private static Arming walk(long number) {
    return new Arming(new OrganizationId(id(number)), id(number), 1, null, false, 0, 0, 0, NOW);
  }

  /** They are all of configurations that are deleted. */
  @Override
  public Optional<Wanted> wanted(Arming arming) {
    RuntimeException failure = failures.get(arming.configuration());
    if (failure != null) {
      throw failure;
    }
    return Optional.empty();
  }

  @Override
  public Optional<Step> removeAll(Arming arming, int max) {
    done.add(arming.configuration());
    return Optional.of(new Step(0, 0, 0, 1, true, false));
  }

  @Override
  public States states(Arming arming, String entity, int max) {
    throw new AssertionError();
  }

  @Override
  public Optional<Step> arm(Arming arming, String entity, List<Dated> states, boolean isLast) {
    throw new AssertionError();
  }

  @Override
  public Optional<Step> removeEarlier(Arming arming, int max) {
    throw new AssertionError();
  }
}
