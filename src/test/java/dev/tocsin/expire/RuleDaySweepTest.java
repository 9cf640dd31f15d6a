package dev.tocsin.expire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleDaySweepTest {
  private static final int BATCH = 10;

  private final List<LocalDate> asked = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-28T00:00:00Z");
  private boolean fails;
  private int left = 3;
  private final RuleDaySweep sweep = new RuleDaySweep(this::dropBefore, () -> now, 28, BATCH);

  @Test
  void as_many_days_as_events_are_kept_for_are_kept_and_today_is_one() {
    assertThat(sweep.runOnce()).isEqualTo(new RuleDaySweep.Round(3, false));
    assertThat(asked).containsExactly(LocalDate.parse("2026-11-01"));
  }

  @Test
  void they_are_looked_for_once_a_day() {
    sweep.runOnce();
    now = Instant.parse("2026-11-28T23:59:59.999Z");
    assertThat(sweep.runOnce()).isEqualTo(new RuleDaySweep.Round(0, false));

    now = now.plusMillis(1);
    left = 3;
    assertThat(sweep.runOnce()).isEqualTo(new RuleDaySweep.Round(3, false));
    assertThat(asked).containsExactly(LocalDate.parse("2026-11-01"), LocalDate.parse("2026-11-02"));
  }

  @Test
  void many_are_dropped_in_batches() {
    left = 25;

    assertThat(sweep.runOnce()).isEqualTo(new RuleDaySweep.Round(10, true));
    assertThat(sweep.runOnce()).isEqualTo(new RuleDaySweep.Round(10, true));
    assertThat(sweep.runOnce()).isEqualTo(new RuleDaySweep.Round(5, false));
    assertThat(sweep.runOnce()).isEqualTo(new RuleDaySweep.Round(0, false));
    assertThat(asked).hasSize(3);
  }

  @Test
  void and_again_when_that_failed() {
    fails = true;
    assertThatThrownBy(sweep::runOnce).hasMessage("no");
    fails = false;

    assertThat(sweep.runOnce()).isEqualTo(new RuleDaySweep.Round(3, false));
  }

  private int dropBefore(LocalDate day, int max) {
    if (fails) {
      throw new IllegalStateException("no");
    }
    asked.add(day);
    int dropped = Math.min(left, max);
    left -= dropped;
    return dropped;
  }
}
