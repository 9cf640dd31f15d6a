package dev.tocsin.deliver;

import static dev.tocsin.deliver.Samples.ACME;
import static dev.tocsin.deliver.Samples.BOLT;
import static dev.tocsin.deliver.Samples.NOW;
import static dev.tocsin.deliver.Samples.run;
import static dev.tocsin.deliver.Samples.settings;
import static dev.tocsin.deliver.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.deliver.Courier.Round;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.StoreUnavailable;
import dev.tocsin.webhook.Answer;
import dev.tocsin.webhook.WebhookId;
import dev.tocsin.webhook.WebhookRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CourierTest {
  private static final WebhookId SLOW = webhook(1);
  private static final WebhookId QUICK = webhook(2);
  private static final Answer OK = new Answer.Accepted(200, "thanks");
  private static final Answer FAILED = new Answer.Refused(500, "sorry", null);

  private Instant now = NOW;
  private EventId oldest = EventId.floor(Instant.EPOCH);
  private final MemoryDeliveryStore memory =
      new MemoryDeliveryStore(() -> now, Duration.ofMinutes(1));
  private final FaultyDeliveryStore store = new FaultyDeliveryStore(memory);
  private final HandSender sender = new HandSender();
  private SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private DeliverSettings settings = settings();
  private Room room = new Room(settings, meters);
  private Courier courier = courier(settings());
  private int runs;
  private int wakes;
  private int quiets;

  @Test
  void a_run_is_sent_once_and_ends_with_the_answer() {
    courier.accept(leased(QUICK, 1));
    WebhookRequest request = sender.made().getFirst();
    assertThat(request.id()).isEqualTo(Samples.message(ACME, 1).id());
    assertThat(request.body()).contains("\"newDto\":{\"id\":\"commitment-1\",  \"amount\":1.50}");
    assertThat(courier.isQuiet()).isFalse();

    sender.answer(QUICK, OK);
    assertThat(wakes).isEqualTo(1);
    assertThat(courier.runOnce()).isEqualTo(new Round(1, 0, false));

    assertThat(memory.kept(ACME, run(1)).status()).isEqualTo(RunStatus.COMPLETE);
    assertThat(courier.isQuiet()).isTrue();
    assertThat(room.free()).isEqualTo(settings.queueMax());
  }

  @Test
  void a_failed_run_is_sent_again_under_the_same_id_until_its_attempts_are_used_up() {
    courier.accept(leased(QUICK, 1));
    for (int attempt = 1; attempt <= 9; attempt++) {
      sender.answer(QUICK, FAILED);
      courier.runOnce();
      assertThat(memory.kept(ACME, run(1)).status()).isEqualTo(RunStatus.AWAITING_RETRY);
      assertThat(memory.kept(ACME, run(1)).attempts()).isEqualTo(attempt);
      assertThat(claim()).isEmpty();
      now = now.plusSeconds(10);
      courier.accept(claim());
    }
    sender.answer(QUICK, FAILED);
    courier.runOnce();

    assertThat(memory.kept(ACME, run(1)).status()).isEqualTo(RunStatus.ERROR);
    assertThat(memory.kept(ACME, run(1)).error()).isEqualTo("the receiver answered 500");
    assertThat(sender.made()).hasSize(10).allMatch(sender.made().getFirst()::equals);
  }

  @Test
  void a_run_that_lacks_a_mapping_is_not_sent_and_ends_with_what_it_lacks() {
    memory.demandMapping(QUICK);
    courier.accept(leased(QUICK, 1));
    courier.runOnce();

    assertThat(sender.made()).isEmpty();
    assertThat(memory.kept(ACME, run(1)).status()).isEqualTo(RunStatus.ERROR);
    assertThat(memory.kept(ACME, run(1)).error())
        .isEqualTo("there is no mapping of account account-1");
    assertThat(courier.isQuiet()).isTrue();
    assertThat(room.free()).isEqualTo(settings.queueMax());
  }

  @Test
  void no_more_than_so_many_are_in_flight_to_one_webhook() {
    courier.accept(leased(SLOW, 6));
    assertThat(sender.inFlight()).hasSize(4);

    sender.answer(SLOW, OK);
    assertThat(sender.inFlight()).hasSize(4);
    assertThat(sentRuns()).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void a_receiver_that_never_answers_delays_nobody_else() {
    courier.accept(leased(SLOW, 50));
    courier.accept(leased(QUICK, 20));
    for (int n = 0; n < 20; n++) {
      sender.answer(QUICK, OK);
    }

    assertThat(sender.inFlight()).containsOnly(SLOW).hasSize(4);
    assertThat(sender.made()).hasSize(24);
  }

  /** Many webhooks of one organization once held every attempt that an instance may make. */
  @Test
  void an_organization_whose_hundred_receivers_hang_delays_no_other() {
    courier = courier(settings(4, 10, 40, 200, 100, 1_000));
    IntStream.range(100, 200).forEach(n -> courier.accept(leased(ACME, webhook(n), 4)));
    courier.accept(leased(BOLT, QUICK, 10));
    assertThat(count("tocsin.deliver.overflow", "scope", "organization")).isEqualTo(200);
    for (int n = 0; n < 10; n++) {
      sender.answer(QUICK, OK);
    }

    assertThat(sender.inFlight()).doesNotContain(QUICK).hasSize(40);
    assertThat(sender.made()).hasSize(50);
    assertThat(room.crowded().organizations()).containsExactly(ACME);

    sender.answer(sender.inFlight().getFirst(), OK);
    assertThat(sender.inFlight()).hasSize(40);
  }

  @Test
  void organizations_take_turns_of_one_run_each_however_many_webhooks_they_have() {
    courier = courier(settings(10, 1_000, 1, 10_000));
    courier.accept(leased(ACME, webhook(11), 2));
    courier.accept(leased(ACME, webhook(12), 2));
    courier.accept(leased(BOLT, QUICK, 2));
    for (int n = 0; n < 6; n++) {
      sender.answer(sender.inFlight().getFirst(), OK);
    }

    assertThat(sender.made())
        .extracting(request -> request.destination().id())
        .containsExactly(webhook(11), webhook(11), QUICK, webhook(12), QUICK, webhook(12));
  }

  @Test
  void webhooks_take_turns_of_one_run_each() {
    courier = courier(settings(10, 1_000, 1, 10_000));
    courier.accept(leased(SLOW, 3));
    courier.accept(leased(QUICK, 2));
    for (int n = 0; n < 5; n++) {
      sender.answer(sender.inFlight().getFirst(), OK);
    }

    assertThat(sender.made())
        .extracting(request -> request.destination().id())
        .containsExactly(SLOW, SLOW, QUICK, SLOW, QUICK);
  }

  @Test
  void no_more_than_so_many_are_in_flight_at_all() {
    courier = courier(settings(4, 1_000, 10, 10_000));
    IntStream.range(1, 20).forEach(n -> courier.accept(leased(webhook(n), 2)));
    assertThat(sender.inFlight()).hasSize(10);

    sender.answer(webhook(1), OK);
    assertThat(sender.inFlight()).hasSize(10);
  }

  @Test
  void what_finds_no_room_stays_in_the_store() {
    courier = courier(settings(4, 5, 100, 8));
    courier.accept(leased(SLOW, 7));
    courier.accept(leased(QUICK, 7));

    assertThat(room.free()).isZero();
    assertThat(room.free(SLOW)).isZero();
    assertThat(room.crowded().webhooks()).containsExactlyInAnyOrder(SLOW, QUICK);
    assertThat(count("tocsin.deliver.overflow", "scope", "webhook")).isEqualTo(2);
    assertThat(count("tocsin.deliver.overflow", "scope", "node")).isEqualTo(4);
    now = now.plus(Duration.ofMinutes(2));
    assertThat(claim()).extracting(LeasedRun::id).contains(run(6), run(7), run(11), run(14));
  }

  @Test
  void room_is_given_back_when_the_outcome_is_written_and_no_sooner() {
    courier = courier(settings(4, 1, 100, 8));
    courier.accept(leased(SLOW, 1));
    sender.answer(SLOW, OK);
    courier.accept(leased(SLOW, 1));
    assertThat(sender.made()).hasSize(1);

    courier.runOnce();
    courier.accept(leased(SLOW, 1));
    assertThat(sender.made()).hasSize(2);
  }

  @Test
  void a_run_whose_lease_does_not_outlast_the_attempt_is_left_to_the_sweep() {
    courier.accept(leased(SLOW, 6));
    now = now.plusSeconds(44);
    sender.answer(SLOW, OK);
    assertThat(sender.made()).hasSize(4);
    assertThat(count("tocsin.deliver.expired")).isEqualTo(2);
    assertThat(room.free()).isEqualTo(settings.queueMax() - 4);

    now = now.plusSeconds(17);
    courier.runOnce();
    assertThat(claim()).extracting(LeasedRun::id).contains(run(5), run(6)).doesNotContain(run(1));
  }

  @Test
  void what_expires_while_it_waits_is_not_sent_any_more_and_left_to_the_sweep() {
    courier.accept(leased(SLOW, 6));
    oldest = EventId.ABOVE_ALL;
    sender.answer(SLOW, OK);

    assertThat(sender.made()).hasSize(4);
    assertThat(count("tocsin.deliver.withheld")).isEqualTo(2);
    assertThat(room.free()).isEqualTo(settings.queueMax() - 4);
    courier.runOnce();
    assertThat(memory.kept(ACME, run(1)).status()).as("under way").isEqualTo(RunStatus.COMPLETE);
    assertThat(memory.kept(ACME, run(6)).tried()).isEmpty();
  }

  private EventId horizon(OrganizationId organization) {
    return oldest;
  }

  @Test
  void outcomes_that_gather_are_written_in_batches() {
    courier.accept(leased(QUICK, 4));
    for (int n = 0; n < 4; n++) {
      sender.answer(QUICK, OK);
    }

    assertThat(courier.runOnce()).isEqualTo(new Round(3, 0, false));
    assertThat(courier.runOnce()).isEqualTo(new Round(1, 0, false));
    assertThat(courier.runOnce()).isEqualTo(new Round(0, 0, false));
  }

  @Test
  void outcomes_are_kept_while_the_store_cannot_be_reached() {
    courier.accept(leased(QUICK, 2));
    sender.answer(QUICK, OK);
    sender.answer(QUICK, FAILED);
    store.fail(new StoreUnavailable("connection refused", new RuntimeException()));

    assertThat(courier.runOnce()).isEqualTo(new Round(0, 0, true));
    assertThat(courier.isQuiet()).isFalse();
    assertThat(room.free()).isEqualTo(settings.queueMax() - 2);

    assertThat(courier.runOnce()).isEqualTo(new Round(2, 0, false));
    assertThat(memory.kept(ACME, run(1)).status()).isEqualTo(RunStatus.COMPLETE);
    assertThat(memory.kept(ACME, run(2)).status()).isEqualTo(RunStatus.AWAITING_RETRY);
  }

  @Test
  void an_outcome_that_the_store_refuses_does_not_take_others_with_it() {
    courier.accept(leased(QUICK, 3));
    IntStream.range(0, 3).forEach(n -> sender.answer(QUICK, OK));
    store.refuse(run(2));

    courier.runOnce();

    assertThat(memory.kept(ACME, run(1)).status()).isEqualTo(RunStatus.COMPLETE);
    assertThat(memory.kept(ACME, run(2)).status()).isEqualTo(RunStatus.STARTED);
    assertThat(memory.kept(ACME, run(3)).status()).isEqualTo(RunStatus.COMPLETE);
    assertThat(count("tocsin.deliver.lost")).isEqualTo(1);
    assertThat(courier.isQuiet()).isTrue();
  }

  @Test
  void an_outcome_after_the_lease_was_lost_is_dropped_and_counted() {
    courier.accept(leased(QUICK, 1));
    now = now.plus(Duration.ofMinutes(2));
    List<LeasedRun> takenOver = claim();
    sender.answer(QUICK, OK);

    assertThat(courier.runOnce()).isEqualTo(new Round(1, 1, false));

    assertThat(takenOver).hasSize(1);
    assertThat(memory.kept(ACME, run(1)).status()).isEqualTo(RunStatus.STARTED);
    assertThat(count("tocsin.deliver.fenced")).isEqualTo(1);
  }

  /**
   * Each answer that comes before its send returns starts the next send: no deeper, but further.
   */
  @Test
  void answers_that_come_at_once_use_no_more_stack_the_more_there_are() {
    sender.answerAtOnce(new Answer.Unreachable("the webhook's URL cannot be requested"));
    courier = courier(settings(4, 100_000, 100, 100_000));
    List<LeasedRun> many = leased(QUICK, 20_000);
    courier.accept(many);

    assertThat(sender.made()).hasSize(20_000);
    assertThat(courier.unfinished()).isEqualTo(20_000);
  }

  @Test
  void a_courier_that_stops_gives_back_what_waits_and_finishes_what_is_in_flight() {
    courier.accept(leased(SLOW, 6));
    List<LeasedRun> late = leased(QUICK, 1);
    courier.stop(() -> quiets++);
    courier.accept(late);

    assertThat(claim()).extracting(LeasedRun::id).containsExactly(run(5), run(6), run(7));
    assertThat(courier.isQuiet()).isFalse();
    for (int n = 0; n < 4; n++) {
      sender.answer(SLOW, OK);
    }
    assertThat(quiets).isZero();
    assertThat(courier.writeAll()).isTrue();
    assertThat(courier.isQuiet()).isTrue();
    assertThat(quiets).isEqualTo(1);
    assertThat(sender.made()).hasSize(4);
    assertThat(memory.kept(ACME, run(4)).status()).isEqualTo(RunStatus.COMPLETE);
    assertThat(room.free()).isEqualTo(settings.queueMax());
  }

  @Test
  void a_courier_stops_even_if_the_store_cannot_be_reached() {
    stopAndFailWith(new StoreUnavailable("connection refused", new RuntimeException()));
  }

  /** Any other failure once left the attempts in flight unwaited for. */
  @Test
  void a_courier_stops_even_if_the_store_refuses_what_it_gives_back() {
    stopAndFailWith(new IllegalStateException("a statement that is not valid"));
  }

  private void stopAndFailWith(RuntimeException fault) {
    courier.accept(leased(SLOW, 6));
    store.fail(fault);
    courier.stop(() -> quiets++);

    assertThat(courier.unfinished()).isEqualTo(4);
    for (int n = 0; n < 4; n++) {
      sender.answer(SLOW, OK);
    }
    assertThat(courier.writeAll()).isTrue();
    assertThat(quiets).isEqualTo(1);
  }

  @Test
  void a_courier_that_holds_nothing_is_quiet_as_soon_as_it_stops() {
    courier.stop(() -> quiets++);

    assertThat(quiets).isEqualTo(1);
  }

  @Test
  void all_outcomes_are_written_or_it_is_said_that_the_store_cannot_be_reached() {
    courier.accept(leased(QUICK, 4));
    for (int n = 0; n < 4; n++) {
      sender.answer(QUICK, OK);
    }
    store.fail(new StoreUnavailable("connection refused", new RuntimeException()));

    assertThat(courier.writeAll()).isFalse();
    assertThat(courier.unfinished()).isEqualTo(4);
    assertThat(courier.writeAll()).isTrue();
    assertThat(courier.unfinished()).isZero();
  }

  /** A request that could not be made once kept its place in flight for ever. */
  @Test
  void an_attempt_that_fails_inside_is_tried_again_and_gives_its_place_back() {
    sender.failWith(new IllegalStateException("a request that nobody foresaw"));
    courier.accept(leased(QUICK, 6));
    courier.writeAll();

    assertThat(courier.isQuiet()).isTrue();
    assertThat(room.free()).isEqualTo(settings.queueMax());
    assertThat(memory.kept(ACME, run(6)).status()).isEqualTo(RunStatus.AWAITING_RETRY);
    assertThat(memory.kept(ACME, run(6)).error()).isEqualTo("the request could not be made");

    sender.failWith(null);
    now = now.plusSeconds(10);
    courier.accept(claim());
    assertThat(sender.inFlight()).hasSize(4);
  }

  @Test
  void an_attempt_that_is_answered_before_it_fails_ends_once() {
    sender.answerAtOnce(OK);
    Sender failsAfterwards =
        (request, answer) -> {
          sender.send(request, answer);
          throw new IllegalStateException("after the answer");
        };
    courier =
        new Courier(
            settings,
            room,
            failsAfterwards,
            store,
            () -> now,
            this::horizon,
            new Random(42),
            meters);
    courier.accept(leased(QUICK, 1));

    assertThat(courier.unfinished()).isEqualTo(1);
    courier.writeAll();
    assertThat(memory.kept(ACME, run(1)).status()).isEqualTo(RunStatus.COMPLETE);
  }

  private Courier courier(DeliverSettings itsSettings) {
    settings = itsSettings;
    meters = new SimpleMeterRegistry();
    room = new Room(itsSettings, meters);
    Courier made =
        new Courier(
            itsSettings, room, sender, store, () -> now, this::horizon, new Random(42), meters);
    made.whenOutcomeReady(() -> wakes++);
    return made;
  }

  /** New runs of a webhook, leased as a claim leases them. */
  private List<LeasedRun> leased(WebhookId webhook, int count) {
    return leased(ACME, webhook, count);
  }

  private List<LeasedRun> leased(OrganizationId organization, WebhookId webhook, int count) {
    for (int n = 0; n < count; n++) {
      int number = ++runs;
      memory.add(organization, run(number), webhook, Samples.message(organization, number), now);
    }
    return memory.claimDue(count, Crowded.NOBODY).runs();
  }

  private List<LeasedRun> claim() {
    return memory.claimDue(1_000, Crowded.NOBODY).runs();
  }

  private List<Integer> sentRuns() {
    return sender.made().stream()
        .map(request -> (int) request.id().value().getLeastSignificantBits())
        .toList();
  }

  private double count(String name, String... tags) {
    return meters.counter(name, tags).count();
  }
}
