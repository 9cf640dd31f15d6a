package dev.tocsin.expire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.event.OrganizationId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OldRowSweepTest implements OldRows {
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final OldRowSweep sweep = new OldRowSweep(this, 10, meters);
  private final List<Long> visited = new ArrayList<>();
  private int organizations;
  private int rowsOfEach;
  private int rowsOfFirst;
  private long failing;
  private int keepsLeft = Integer.MAX_VALUE;

  @Test
  void a_round_takes_a_batch_of_each_organization_until_none_has_more() {
    organizations = 3;
    rowsOfEach = 15;

    assertThat(sweep.runOnce(this::keep)).isEqualTo(new OldRowSweep.Round(30, true));
    assertThat(sweep.runOnce(this::keep)).isEqualTo(new OldRowSweep.Round(15, false));
    assertThat(visited).containsExactly(1L, 2L, 3L, 1L, 2L, 3L);
    assertThat(meters.counter("tocsin.expired.rows").count()).isEqualTo(45);
  }

  @Test
  void many_organizations_take_turns_over_rounds() {
    organizations = 250;
    rowsOfEach = 1;

    assertThat(sweep.runOnce(this::keep)).isEqualTo(new OldRowSweep.Round(100, true));
    assertThat(sweep.runOnce(this::keep)).isEqualTo(new OldRowSweep.Round(100, true));
    assertThat(sweep.runOnce(this::keep)).isEqualTo(new OldRowSweep.Round(50, false));
    assertThat(visited).hasSize(250).doesNotHaveDuplicates();
  }

  /** The first one had a full batch, which is not forgotten when the last ones had none. */
  @Test
  void what_the_first_one_had_left_is_taken_after_the_last_ones() {
    organizations = 120;
    rowsOfEach = 1;
    rowsOfFirst = 10;

    sweep.runOnce(this::keep);
    assertThat(sweep.runOnce(this::keep).more()).isTrue();
    sweep.runOnce(this::keep);
    assertThat(sweep.runOnce(this::keep).more()).isFalse();
  }

  @Test
  void one_that_fails_keeps_no_other_waiting() {
    organizations = 120;
    rowsOfEach = 1;
    failing = 40;

    assertThat(sweep.runOnce(this::keep)).isEqualTo(new OldRowSweep.Round(99, true));
    assertThat(sweep.runOnce(this::keep)).isEqualTo(new OldRowSweep.Round(20, false));
    failing = 0;
    sweep.runOnce(this::keep);
    assertThat(meters.counter("tocsin.expired.rows").count()).isEqualTo(120);
  }

  @Test
  void a_round_ends_after_thirty_batches_and_the_next_one_goes_on() {
    organizations = 40;
    rowsOfEach = 10;

    assertThat(sweep.runOnce(this::keep)).isEqualTo(new OldRowSweep.Round(300, true));
    assertThat(sweep.runOnce(this::keep)).isEqualTo(new OldRowSweep.Round(100, true));
    assertThat(visited).hasSize(40).doesNotHaveDuplicates();
  }

  @Test
  void who_loses_the_turn_between_two_organizations_goes_on_there_in_his_next() {
    organizations = 3;
    rowsOfEach = 1;
    keepsLeft = 2;

    assertThatThrownBy(() -> sweep.runOnce(this::keep)).hasMessage("lost");
    keepsLeft = 1;
    sweep.runOnce(this::keep);

    assertThat(visited).containsExactly(1L, 2L, 3L);
    assertThat(meters.counter("tocsin.expired.rows").count()).isEqualTo(3);
  }

  private void keep() {
    if (keepsLeft-- == 0) {
      throw new IllegalStateException("lost");
    }
  }

  @Override
  public List<Keeping> organizations(@Nullable OrganizationId after, int max) {
    List<Keeping> some = new ArrayList<>();
    long first = after == null ? 1 : after.value().getLeastSignificantBits() + 1;
    for (long number = first; number <= organizations && some.size() < max; number++) {
      some.add(new Keeping(new OrganizationId(new UUID(0, number)), 7));
    }
    return some;
  }

  @Override
  public Deleted deleteSome(Keeping keeping, int rowsMax) {
    long number = keeping.organization().value().getLeastSignificantBits();
    if (number == failing) {
      throw new IllegalStateException("no");
    }
    visited.add(number);
    long before = visited.stream().filter(one -> one == number).count() - 1;
    int rowsOfOne = number == 1 ? Math.max(rowsOfEach, rowsOfFirst) : rowsOfEach;
    int rows = Math.clamp(rowsOfOne - before * rowsMax, 0, rowsMax);
    return new Deleted(rows, rows == rowsMax);
  }
}
