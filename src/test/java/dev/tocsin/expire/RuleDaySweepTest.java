package dev.tocsin.expire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleDaySweepTest {
  private final List<LocalDate> asked = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-28T00:00:00Z");
  private boolean fails;
  private final RuleDaySweep sweep = new RuleDaySweep(this::dropBefore, () -> now, 28);

  @Test
  void as_many_days_as_events_are_kept_for_are_kept_and_today_is_one() {
    assertThat(sweep.runOnce()).isEqualTo(new RuleDaySweep.Round(3));
    assertThat(asked).containsExactly(LocalDate.parse("2026-11-01"));
  }

  @Test
  void they_are_looked_for_once_a_day() {
    sweep.runOnce();
    now = Instant.parse("2026-11-28T23:59:59.999Z");
    assertThat(sweep.runOnce()).isEqualTo(new RuleDaySweep.Round(0));

    now = now.plusMillis(1);
    assertThat(sweep.runOnce()).isEqualTo(new RuleDaySweep.Round(3));
    assertThat(asked).containsExactly(LocalDate.parse("2026-11-01"), LocalDate.parse("2026-11-02"));
  }

  @Test
  void and_again_when_that_failed() {
    fails = true;
    assertThatThrownBy(sweep::runOnce).hasMessage("no");
    fails = false;

    assertThat(sweep.runOnce()).isEqualTo(new RuleDaySweep.Round(3));
  }

  private int dropBefore(LocalDate day) {
    if (fails) {
      throw new IllegalStateException("no");
    }
    asked.add(day);
    return 3;
  }
}
