package dev.tocsin.deliver;

import static dev.tocsin.deliver.Samples.ACME;
import static dev.tocsin.deliver.Samples.BOLT;
import static dev.tocsin.deliver.Samples.NOW;
import static dev.tocsin.deliver.Samples.run;
import static dev.tocsin.deliver.Samples.settings;
import static dev.tocsin.deliver.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.deliver.DeliverySweep.Round;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.webhook.WebhookId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliverySweepTest {
  private final MemoryDeliveryStore store =
      new MemoryDeliveryStore(() -> NOW, Duration.ofMinutes(1));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final DeliverSettings settings = settings(4, 20, 100, 150);
  private final Room room = new Room(settings, meters);
  private final List<LeasedRun> handedOver = new ArrayList<>();
  private final DeliverySweep sweep =
      new DeliverySweep(settings, store, room, handedOver::addAll, meters);

  @Test
  void due_runs_are_handed_over_until_no_more_are_due() {
    IntStream.range(0, 13).forEach(n -> add(webhook(n), 10 * n, 10));

    assertThat(sweep.runOnce()).isEqualTo(new Round(100, 0, 0, true));
    assertThat(sweep.runOnce()).isEqualTo(new Round(30, 0, 0, false));
    assertThat(sweep.runOnce()).isEqualTo(new Round(0, 0, 0, false));
    assertThat(handedOver).hasSize(130).doesNotHaveDuplicates();
  }

  @Test
  void no_more_are_claimed_than_there_is_room_for() {
    add(webhook(1), 0, 20);
    IntStream.range(0, 140).forEach(n -> room.enter(ACME, webhook(100 + n)));

    assertThat(sweep.runOnce()).isEqualTo(new Round(10, 0, 0, true));
    enterHandedOver();
    assertThat(sweep.runOnce()).isEqualTo(new Round(0, 0, 0, false));
  }

  @Test
  void runs_of_a_crowded_webhook_are_left_where_they_are() {
    add(webhook(1), 0, 5);
    add(webhook(2), 5, 5);
    IntStream.range(0, 11).forEach(n -> room.enter(ACME, webhook(1)));

    assertThat(sweep.runOnce()).isEqualTo(new Round(5, 0, 0, false));
    assertThat(handedOver).allMatch(run -> run.destination().id().equals(webhook(2)));

    room.leave(ACME, webhook(1));
    assertThat(sweep.runOnce()).isEqualTo(new Round(5, 0, 0, false));
  }

  @Test
  void runs_of_a_crowded_organization_are_left_where_they_are() {
    Room small = new Room(settings(4, 20, 100, 20, 100, 150), meters);
    DeliverySweep ofSmall = new DeliverySweep(settings, store, small, handedOver::addAll, meters);
    add(webhook(1), 0, 5);
    store.add(BOLT, run(5), webhook(2), Samples.message(BOLT, 5), NOW);
    IntStream.range(0, 11).forEach(n -> small.enter(ACME, webhook(100 + n)));

    assertThat(ofSmall.runOnce()).isEqualTo(new Round(1, 0, 0, false));
    assertThat(handedOver).extracting(LeasedRun::organization).containsExactly(BOLT);

    small.leave(ACME, webhook(100));
    assertThat(ofSmall.runOnce()).isEqualTo(new Round(5, 0, 0, false));
  }

  @Test
  void what_an_organization_has_no_room_for_is_given_back_at_once() {
    Room small = new Room(settings(4, 20, 100, 30, 100, 150), meters);
    DeliverySweep ofSmall = new DeliverySweep(settings, store, small, handedOver::addAll, meters);
    IntStream.range(0, 10).forEach(n -> add(webhook(n), 5 * n, 5));
    store.add(BOLT, run(50), webhook(20), Samples.message(BOLT, 50), NOW);

    assertThat(ofSmall.runOnce()).isEqualTo(new Round(31, 20, 0, false));
  }

  /** A receiver that was down for long has more waiting than a node may hold of it. */
  @Test
  void what_a_webhook_has_no_room_for_is_given_back_at_once() {
    add(webhook(1), 0, 50);

    assertThat(sweep.runOnce()).isEqualTo(new Round(20, 30, 0, false));
    enterHandedOver();
    assertThat(sweep.runOnce()).isEqualTo(new Round(0, 0, 0, false));

    IntStream.range(0, 15).forEach(n -> room.leave(ACME, webhook(1)));
    handedOver.clear();
    assertThat(sweep.runOnce()).isEqualTo(new Round(15, 15, 0, false));
    assertThat(handedOver).allMatch(run -> run.attempt() == 1);
  }

  @Test
  void runs_that_have_nowhere_to_go_are_ended_and_counted() {
    add(webhook(1), 0, 100);
    add(webhook(2), 100, 10);
    store.switchOff(webhook(1));

    assertThat(sweep.runOnce()).isEqualTo(new Round(0, 0, 100, true));
    assertThat(sweep.runOnce()).isEqualTo(new Round(10, 0, 0, false));
    assertThat(store.kept(ACME, run(0)).status()).isEqualTo(RunStatus.DISABLED);
  }

  private void enterHandedOver() {
    handedOver.forEach(run -> room.enter(run.organization(), run.destination().id()));
  }

  private void add(WebhookId webhook, int first, int count) {
    IntStream.range(first, first + count)
        .forEach(n -> store.add(ACME, run(n), webhook, Samples.message(ACME, n), NOW));
  }
}
