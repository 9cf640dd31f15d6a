package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.store.RetentionSimulation.Day;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A short slice of what {@code scripts/simulate-retention} does over 90 days. */
class RetentionSimulationPgTest {
  private static final int RETENTION = 3;
  private static final int DAYS = 8;

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  @Test
  void rows_are_right_every_day_and_the_disk_stays_flat_once_days_are_dropped() {
    List<Day> days = new ArrayList<>();
    try (RetentionSimulation simulation = new RetentionSimulation(postgres, RETENTION, 1, 800)) {
      for (int number = 0; number < DAYS; number++) {
        days.add(simulation.day(number));
      }
      assertThat(simulation.count("tocsin.runs.expired")).isPositive();
    }
    List<Day> flat = days.subList(RETENTION + 1, DAYS);
    assertThat(flat).extracting(Day::visible).containsOnly(flat.getFirst().visible());
    long least = flat.stream().mapToLong(Day::bytesOfDays).min().orElseThrow();
    long most = flat.stream().mapToLong(Day::bytesOfDays).max().orElseThrow();
    assertThat((double) most).isLessThan(1.2 * least);
    assertThat(days.getFirst().bytesOfDays()).isLessThan(least);
  }
}
