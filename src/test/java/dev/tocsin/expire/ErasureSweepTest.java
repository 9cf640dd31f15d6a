package dev.tocsin.expire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.expire.ErasureSweep.Round;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ErasureSweepTest implements Erasures {
  private static final int BATCH = 10;

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final ErasureSweep sweep = new ErasureSweep(this, BATCH, meters);
  private final Map<OrganizationId, Integer> left = new LinkedHashMap<>();
  private int keepsLeft = Integer.MAX_VALUE;
  private OrganizationId failing = organization(0);

  @Test
  void those_that_wait_take_turns_so_that_one_that_has_much_keeps_no_other_waiting() {
    left.put(organization(1), 35);
    left.put(organization(2), 5);

    assertThat(sweep.runOnce(this::keep)).isEqualTo(new Round(15, 1, true));
    assertThat(left).containsOnlyKeys(organization(1));
  }

  @Test
  void one_that_fails_keeps_no_other_waiting() {
    failing = organization(1);
    left.put(failing, 5);
    left.put(organization(2), 15);

    assertThat(sweep.runOnce(this::keep)).isEqualTo(new Round(10, 0, true));
    assertThat(sweep.runOnce(this::keep)).isEqualTo(new Round(5, 1, false));
    assertThat(left).containsOnlyKeys(failing);
  }

  @Test
  void one_that_fails_is_tried_again_but_not_at_once() {
    failing = organization(1);
    left.put(failing, 5);
    assertThat(sweep.runOnce(this::keep)).isEqualTo(new Round(0, 0, false));

    failing = organization(0);
    assertThat(sweep.runOnce(this::keep)).isEqualTo(new Round(5, 1, false));
  }

  @Test
  void many_take_turns_over_rounds() {
    for (int number = 1; number <= 25; number++) {
      left.put(organization(number), 15);
    }

    assertThat(sweep.runOnce(this::keep)).isEqualTo(new Round(100, 0, true));
    assertThat(sweep.runOnce(this::keep)).isEqualTo(new Round(100, 0, true));
    assertThat(sweep.runOnce(this::keep)).isEqualTo(new Round(50, 0, true));
    assertThat(left.values()).containsOnly(5);
    assertThat(sweep.runOnce(this::keep)).isEqualTo(new Round(50, 10, true));
    assertThat(sweep.runOnce(this::keep)).isEqualTo(new Round(50, 10, true));
    assertThat(sweep.runOnce(this::keep)).isEqualTo(new Round(25, 5, false));
    assertThat(meters.counter("tocsin.erasure.rows").count()).isEqualTo(375);
    assertThat(meters.counter("tocsin.erasure.organizations").count()).isEqualTo(25);
  }

  @Test
  void who_loses_the_turn_between_two_organizations_goes_on_there_in_his_next() {
    left.put(organization(1), 15);
    left.put(organization(2), 15);
    keepsLeft = 1;

    assertThatThrownBy(() -> sweep.runOnce(this::keep)).hasMessage("lost");
    keepsLeft = 1;
    sweep.runOnce(this::keep);

    assertThat(left.values()).containsOnly(5);
    assertThat(meters.counter("tocsin.erasure.rows").count()).isEqualTo(20);
  }

  private void keep() {
    if (keepsLeft-- == 0) {
      throw new IllegalStateException("lost");
    }
  }

  private static OrganizationId organization(long number) {
    return new OrganizationId(new UUID(0, number));
  }

  @Override
  public List<OrganizationId> pending() {
    return List.copyOf(left.keySet());
  }

  @Override
  public Deleted deleteSome(OrganizationId organization, int rowsMax) {
    if (organization.equals(failing)) {
      throw new IllegalStateException("no");
    }
    int rows = Math.min(rowsMax, left.getOrDefault(organization, 0));
    if (left.merge(organization, -rows, Integer::sum) == 0) {
      left.remove(organization);
      return new Deleted(rows, true);
    }
    return new Deleted(rows, false);
  }
}
