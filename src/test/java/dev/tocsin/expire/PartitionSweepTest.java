package dev.tocsin.expire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PartitionSweepTest {
  private final Set<LocalDate> days = new TreeSet<>();
  private Instant now = Instant.parse("2026-12-31T23:59:59.999Z");

  private final PartitionSweep sweep = new PartitionSweep(this::ensure, () -> now, 2);

  @Test
  void yesterday_today_and_the_days_ahead_have_partitions() {
    assertThat(sweep.runOnce()).isEqualTo(new PartitionSweep.Round(4));

    assertThat(days)
        .containsExactly(
            LocalDate.of(2026, 12, 30),
            LocalDate.of(2026, 12, 31),
            LocalDate.of(2027, 1, 1),
            LocalDate.of(2027, 1, 2));
  }

  @Test
  void on_the_same_day_nothing_is_left_to_make() {
    sweep.runOnce();

    assertThat(sweep.runOnce()).isEqualTo(new PartitionSweep.Round(0));
  }

  @Test
  void each_new_day_of_utc_makes_one_more() {
    sweep.runOnce();
    now = now.plusMillis(1);

    assertThat(sweep.runOnce()).isEqualTo(new PartitionSweep.Round(1));
    assertThat(days).contains(LocalDate.of(2027, 1, 3));
  }

  private int ensure(LocalDate first, LocalDate last) {
    int before = days.size();
    first.datesUntil(last.plusDays(1)).forEach(days::add);
    return days.size() - before;
  }
}
