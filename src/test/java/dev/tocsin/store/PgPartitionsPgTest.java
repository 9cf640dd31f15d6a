package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.expire.PartitionAheadSweep;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How far there is room, with partitions that cannot be made. */
class PgPartitionsPgTest {
  private static final LocalDate DAY = LocalDate.parse("2027-03-01");

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private PgPartitions partitions;

  @BeforeEach
  void open() {
    partitions = new PgPartitions(postgres.database());
    partitions.ensure(DAY, DAY.plusDays(9));
  }

  @Test
  void there_is_room_as_long_as_every_table_has_a_partition() {
    assertThat(partitions.firstLacking(DAY, DAY.plusDays(9))).isEmpty();
    assertThat(partitions.firstLacking(DAY, DAY.plusDays(11))).contains(DAY.plusDays(10));

    for (String table :
        new String[] {
          "integration_failure",
          "integration_run_attempt",
          "integration_run",
          "notification",
          "event"
        }) {
      postgres.execute("drop table " + table + "_20270306");
      assertThat(partitions.firstLacking(DAY, DAY.plusDays(9))).as(table).contains(DAY.plusDays(5));
      partitions.ensure(DAY, DAY.plusDays(9));
      assertThat(partitions.firstLacking(DAY, DAY.plusDays(9))).isEmpty();
    }
  }

  /**
   * The first half of March is of 2982 to 2984; keys of a day's last minutes go to the next as
   * well.
   */
  @Test
  void a_missing_generation_of_keys_is_a_lack_of_the_day_before_it_begins() {
    postgres.execute("drop table idempotency_key_2983");

    assertThat(partitions.firstLacking(DAY, DAY.plusDays(9)))
        .contains(LocalDate.ofEpochDay(2983 * 7L - 1));
  }

  @Test
  void a_partition_that_is_not_attached_is_no_room() {
    postgres.execute("alter table event detach partition event_20270303");

    assertThat(partitions.firstLacking(DAY, DAY.plusDays(9))).contains(DAY.plusDays(2));
  }

  @Test
  void a_server_that_may_make_no_tables_says_so_while_there_is_room() {
    refuseTables();
    Instant[] now = {DAY.plusDays(3).atStartOfDay().toInstant(ZoneOffset.UTC)};
    PartitionAheadSweep sweep =
        new PartitionAheadSweep(partitions, () -> now[0], 7, new SimpleMeterRegistry());

    assertThat(sweep.runOnce()).isEqualTo(new PartitionAheadSweep.Round(0, 6));
    assertThat(sweep.warnings()).isEmpty();
    now[0] = DAY.plusDays(4).atStartOfDay().toInstant(ZoneOffset.UTC);
    assertThat(sweep.runOnce()).isEqualTo(new PartitionAheadSweep.Round(0, 5));
    assertThat(sweep.warnings()).hasSize(1).first().asString().contains("until 2027-03-10 only");

    now[0] = DAY.plusDays(30).atStartOfDay().toInstant(ZoneOffset.UTC);
    assertThatThrownBy(sweep::runOnce).hasMessageContaining("no tables");
  }

  private void refuseTables() {
    postgres.execute(
        """
        create or replace function partition_ensure_day(parent text, day date) returns boolean
          language plpgsql as $$
        begin
          if to_regclass(parent || '_' || to_char(day, 'YYYYMMDD')) is not null then
            return false;
          end if;
          raise exception 'no tables';
        end $$
        """);
  }
}
