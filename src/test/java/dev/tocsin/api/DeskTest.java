package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.api.Desk.Refusal;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class DeskTest {
  private final MeterRegistry meters = new SimpleMeterRegistry();

  /** What was given a thread, to be run when the test says so. */
  private final Queue<Runnable> started = new ArrayDeque<>();

  private final List<String> done = new ArrayList<>();

  @Test
  void so_many_run_and_the_rest_wait_for_their_turn() {
    Desk<String> desk = desk(2, 10, 10);

    take(desk, "acme", "a1", "a2", "a3");

    assertThat(started).hasSize(2);
    assertThat(gauge("running")).isEqualTo(2);
    assertThat(gauge("waiting")).isEqualTo(1);
    finishAll();
    assertThat(done).containsExactly("a1", "a2", "a3");
    assertThat(gauge("running")).isZero();
    assertThat(gauge("waiting")).isZero();
  }

  @Test
  void one_more_than_may_wait_is_refused_for_the_server_and_counted() {
    Desk<String> desk = desk(1, 1, 10);
    take(desk, "acme", "a1", "a2");

    assertThat(desk.take("bolt", () -> {})).isEqualTo(Refusal.SERVER);
    assertThat(refused("server")).isEqualTo(1);
    assertThat(refused("organization")).isZero();
  }

  @Test
  void one_more_than_a_tenant_may_have_is_refused_for_it_alone() {
    Desk<String> desk = desk(1, 10, 2);
    take(desk, "acme", "a1", "a2");

    assertThat(desk.take("acme", () -> {})).isEqualTo(Refusal.TENANT);
    assertThat(refused("organization")).isEqualTo(1);
    take(desk, "bolt", "b1");
    finishAll();
    assertThat(done).containsExactly("a1", "a2", "b1");
  }

  @Test
  void what_a_tenant_has_done_no_longer_counts() {
    Desk<String> desk = desk(1, 10, 1);
    take(desk, "acme", "a1");
    finishAll();

    take(desk, "acme", "a2");
    finishAll();

    assertThat(done).containsExactly("a1", "a2");
  }

  @Test
  void tenants_in_line_take_turns() {
    Desk<String> desk = desk(1, 10, 10);

    take(desk, "acme", "a1", "a2", "a3", "a4");
    take(desk, "bolt", "b1", "b2");
    take(desk, "core", "c1");
    finishAll();

    assertThat(done).containsExactly("a1", "a2", "b1", "c1", "a3", "b2", "a4");
  }

  @Test
  void work_that_fails_makes_room_like_any_other() {
    Desk<String> desk = desk(1, 1, 10);
    desk.take(
        "acme",
        () -> {
          throw new IllegalStateException("a defect");
        });
    take(desk, "acme", "a2");

    assertThatThrownBy(() -> started.remove().run()).hasMessage("a defect");
    finishAll();

    assertThat(done).containsExactly("a2");
  }

  private Desk<String> desk(int running, int waiting, int perTenant) {
    return new Desk<>(new Desk.Limits(running, waiting, perTenant), started::add, meters, "desk");
  }

  private void take(Desk<String> desk, String tenant, String... works) {
    for (String work : works) {
      assertThat(desk.take(tenant, () -> done.add(work))).isNull();
    }
  }

  private void finishAll() {
    while (!started.isEmpty()) {
      started.remove().run();
    }
  }

  private double gauge(String name) {
    return meters.get("desk." + name).gauge().value();
  }

  private double refused(String scope) {
    return meters.get("desk.refused").tag("scope", scope).counter().count();
  }
}
