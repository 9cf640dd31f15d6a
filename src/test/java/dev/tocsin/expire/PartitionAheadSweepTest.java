package dev.tocsin.expire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PartitionAheadSweepTest implements Partitions {
  private final Set<LocalDate> days = new TreeSet<>();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private Instant now = Instant.parse("2026-12-31T23:59:59.999Z");
  private boolean refuses;

  private final PartitionAheadSweep sweep = new PartitionAheadSweep(this, () -> now, 2, meters);

  @Test
  void yesterday_today_and_the_days_ahead_have_partitions() {
    assertThat(sweep.runOnce()).isEqualTo(new PartitionAheadSweep.Round(4, 2));

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

    assertThat(sweep.runOnce()).isEqualTo(new PartitionAheadSweep.Round(0, 2));
  }

  @Test
  void each_new_day_of_utc_makes_one_more() {
    sweep.runOnce();
    now = now.plusMillis(1);

    assertThat(sweep.runOnce()).isEqualTo(new PartitionAheadSweep.Round(1, 2));
    assertThat(days).contains(LocalDate.of(2027, 1, 3));
  }

  @Test
  void that_none_can_be_made_is_told_while_there_is_still_room() {
    PartitionAheadSweep week =
        new PartitionAheadSweep(this, () -> now, 7, new SimpleMeterRegistry());
    week.runOnce();
    refuses = true;

    pass(Duration.ofDays(1));
    assertThat(week.runOnce()).isEqualTo(new PartitionAheadSweep.Round(0, 6));
    assertThat(week.warnings()).as("it may work in an hour").isEmpty();
    pass(Duration.ofDays(1));
    assertThat(week.runOnce().ahead()).isEqualTo(5);
    assertThat(week.warnings())
        .containsExactly(
            "there is room for events until 2027-01-07 only: partitions cannot be made, and the log"
                + " says why");

    refuses = false;
    assertThat(week.runOnce().ahead()).isEqualTo(7);
    assertThat(week.warnings()).isEmpty();
  }

  @Test
  void days_pass_in_the_gauge_though_no_sweep_is_made() {
    sweep.runOnce();
    assertThat(ahead()).isEqualTo(2);

    pass(Duration.ofDays(2));
    assertThat(ahead()).isZero();
    assertThat(sweep.warnings()).hasSize(1);
    pass(Duration.ofDays(2));
    assertThat(ahead()).isEqualTo(-1);
  }

  @Test
  void without_room_for_today_a_server_does_not_start() {
    refuses = true;

    assertThatThrownBy(sweep::runOnce).hasMessage("no");
    assertThat(sweep.warnings()).hasSize(1);
  }

  private double ahead() {
    return meters.get("tocsin.partitions.days.ahead").gauge().value();
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Override
  public int ensure(LocalDate first, LocalDate last) {
    if (refuses) {
      throw new IllegalStateException("no");
    }
    int before = days.size();
    first.datesUntil(last.plusDays(1)).forEach(days::add);
    return days.size() - before;
  }

  @Override
  public Optional<LocalDate> firstLacking(LocalDate first, LocalDate last) {
    return first.datesUntil(last.plusDays(1)).filter(day -> !days.contains(day)).findFirst();
  }
}
