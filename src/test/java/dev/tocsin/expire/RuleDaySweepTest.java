package dev.tocsin.expire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleDaySweepTest {
  @Test
  void as_many_days_as_events_are_kept_for_are_kept_and_today_is_one() {
    List<LocalDate> asked = new ArrayList<>();
    Instant now = Instant.parse("2026-11-28T00:00:00Z");
    RuleDaySweep sweep =
        new RuleDaySweep(
            day -> {
              asked.add(day);
              return 3;
            },
            () -> now,
            28);

    assertThat(sweep.runOnce()).isEqualTo(new RuleDaySweep.Round(3));
    assertThat(asked).containsExactly(LocalDate.parse("2026-11-01"));
  }
}
