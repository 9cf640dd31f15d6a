package dev.tocsin.deliver;

import static dev.tocsin.deliver.Samples.ACME;
import static dev.tocsin.deliver.Samples.BOLT;
import static dev.tocsin.deliver.Samples.run;
import static dev.tocsin.deliver.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tocsin.deliver.Attempted.Next;
import dev.tocsin.deliver.DeliveryStore.Claim;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.RunId;
import dev.tocsin.webhook.WebhookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What deliver relies on in a delivery store, whichever it is. */
public abstract class DeliveryStoreContract {
  /** How long the stores of a test lease what they claim. */
  protected static final Duration LEASE = Duration.ofMinutes(1);

  private static final WebhookId HOOK = webhook(1);
  private static final Next COMPLETE = new Next.End(RunStatus.COMPLETE);

  /**
   * A run as it is stored.
   *
   * @param dueIn null when it has ended
   */
  public record Kept(
      RunStatus status,
      int attempts,
      long fence,
      @Nullable Duration dueIn,
      @Nullable String error,
      List<Tried> tried) {}

  /** An attempt as it is stored. */
  public record Tried(
      int attempt,
      @Nullable Integer responseStatus,
      @Nullable String error,
      @Nullable String response) {}

  /** The store of one node. */
  protected abstract DeliveryStore store();

  /** The same store as another node sees it. */
  protected abstract DeliveryStore otherStore();

  /**
   * Makes run number n, of {@link Samples#message}, due so long ago; its webhook too if need be.
   */
  protected abstract void add(
      OrganizationId organization, int run, WebhookId webhook, Duration ago);

  protected abstract void switchOff(WebhookId webhook);

  protected abstract void unlink(WebhookId webhook);

  /** Makes the link to a webhook demand a mapping of the account, which it does not have. */
  protected abstract void demandMapping(WebhookId webhook);

  protected abstract void dropEvent(OrganizationId organization, RunId run);

  /** Lets the time pass that a run waits. */
  protected abstract void makeDue(OrganizationId organization, RunId run);

  protected abstract Kept kept(OrganizationId organization, RunId run);

  @Test
  void a_due_run_is_leased_with_all_that_is_needed_to_attempt_it() {
    add(ACME, 1, HOOK, Duration.ofSeconds(1));

    Claim claim = store().claimDue(10, Crowded.NOBODY);

    assertThat(claim.ended()).isZero();
    assertThat(claim.taken()).isEqualTo(1);
    LeasedRun leased = claim.runs().getFirst();
    assertThat(leased.organization()).isEqualTo(ACME);
    assertThat(leased.id()).isEqualTo(run(1));
    assertThat(leased.attempt()).isEqualTo(1);
    assertThat(leased.fence()).isEqualTo(2);
    assertThat(leased.destination()).isEqualTo(Samples.destination(HOOK));
    assertThat(leased.message()).isEqualTo(Samples.message(ACME, 1));
    Kept kept = kept(ACME, run(1));
    assertThat(kept.status()).isEqualTo(RunStatus.STARTED);
    assertThat(kept.dueIn()).isBetween(LEASE.minusSeconds(20), LEASE.plusSeconds(1));
  }

  @Test
  void what_was_due_first_is_claimed_first() {
    add(ACME, 1, HOOK, Duration.ofSeconds(2));
    add(BOLT, 2, webhook(2), Duration.ofSeconds(3));
    add(ACME, 3, HOOK, Duration.ofSeconds(1));
    add(ACME, 4, HOOK, Duration.ofMinutes(-1));

    assertThat(claim(2)).containsExactlyInAnyOrder(run(2), run(1));
    assertThat(claim(2)).containsExactly(run(3));
    assertThat(claim(2)).isEmpty();
  }

  @Test
  void runs_of_unwanted_webhooks_are_passed_over() {
    add(ACME, 1, HOOK, Duration.ofSeconds(2));
    add(ACME, 2, webhook(2), Duration.ofSeconds(1));

    assertThat(ids(store().claimDue(10, new Crowded(Set.of(), Set.of(HOOK, webhook(9))))))
        .containsExactly(run(2));
    assertThat(kept(ACME, run(1)).fence()).isEqualTo(1);
    assertThat(claim(10)).containsExactly(run(1));
  }

  @Test
  void runs_of_unwanted_organizations_are_passed_over() {
    add(ACME, 1, HOOK, Duration.ofSeconds(2));
    add(BOLT, 2, webhook(2), Duration.ofSeconds(1));

    assertThat(ids(store().claimDue(10, new Crowded(Set.of(ACME), Set.of()))))
        .containsExactly(run(2));
    assertThat(claim(10)).containsExactly(run(1));
  }

  @Test
  void two_nodes_that_claim_at_the_same_time_share_no_run() {
    int runs = 300;
    IntStream.range(0, runs).forEach(n -> add(ACME, n, webhook(n % 3), Duration.ofSeconds(1)));

    List<RunId> claimed = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(2)) {
      List<CompletableFuture<List<RunId>>> nodes =
          Stream.of(store(), otherStore())
              .map(node -> CompletableFuture.supplyAsync(() -> claimAll(node), threads))
              .toList();
      nodes.forEach(node -> claimed.addAll(node.join()));
    }
    // A node may have passed over what the other was claiming and then did not; nothing is lost.
    claimed.addAll(claimAll(store()));

    assertThat(claimed)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, runs).mapToObj(Samples::run).toList());
  }

  @Test
  void a_run_ends_with_its_outcome() {
    LeasedRun leased = leased(1);

    assertThat(store().record(List.of(attempted(leased, 200, null, "thanks", COMPLETE)))).isEmpty();

    assertThat(kept(ACME, run(1)))
        .isEqualTo(
            new Kept(
                RunStatus.COMPLETE, 1, 2, null, null, List.of(new Tried(1, 200, null, "thanks"))));
    assertThat(claim(10)).isEmpty();
  }

  @Test
  void a_retry_waits_its_time_and_is_the_next_attempt_with_the_same_message() {
    LeasedRun first = leased(1);
    Next retry = new Next.Retry(RunStatus.AUTH_FAILED, Duration.ofHours(1));
    store().record(List.of(attempted(first, 401, "the receiver answered 401", "no", retry)));

    Kept kept = kept(ACME, run(1));
    assertThat(kept.status()).isEqualTo(RunStatus.AUTH_FAILED);
    assertThat(kept.error()).isEqualTo("the receiver answered 401");
    assertThat(kept.dueIn()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
    assertThat(claim(10)).isEmpty();

    makeDue(ACME, run(1));
    LeasedRun second = store().claimDue(10, Crowded.NOBODY).runs().getFirst();
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.message()).isEqualTo(first.message());
    store().record(List.of(attempted(second, 204, null, "", COMPLETE)));
    assertThat(kept(ACME, run(1)).tried())
        .containsExactly(
            new Tried(1, 401, "the receiver answered 401", "no"), new Tried(2, 204, null, ""));
  }

  @Test
  void a_lease_that_ran_out_is_taken_over_and_its_late_outcome_dropped() {
    LeasedRun lost = leased(1);
    add(ACME, 2, HOOK, Duration.ofSeconds(1));
    LeasedRun kept = store().claimDue(10, Crowded.NOBODY).runs().getFirst();
    makeDue(ACME, run(1));

    LeasedRun taken = otherStore().claimDue(10, Crowded.NOBODY).runs().getFirst();
    assertThat(taken.id()).isEqualTo(lost.id());
    assertThat(taken.attempt()).isEqualTo(1);
    assertThat(taken.message().id()).isEqualTo(lost.message().id());

    List<LeasedRun> dropped =
        store()
            .record(
                List.of(
                    attempted(lost, 200, null, "", COMPLETE),
                    attempted(kept, 200, null, "", COMPLETE)));
    assertThat(dropped).containsExactly(lost);
    assertThat(kept(ACME, run(1)).status()).isEqualTo(RunStatus.STARTED);
    assertThat(kept(ACME, run(1)).tried()).isEmpty();
    assertThat(kept(ACME, run(2)).status()).isEqualTo(RunStatus.COMPLETE);
  }

  /** What happens when a connection breaks after a batch was written and before that was known. */
  @Test
  void an_outcome_may_be_written_again() {
    LeasedRun leased = leased(1);
    Next retry = new Next.Retry(RunStatus.AWAITING_RETRY, Duration.ofHours(1));
    List<Attempted> batch = List.of(attempted(leased, 500, "it failed", "", retry));
    store().record(batch);

    assertThat(store().record(batch)).isEmpty();
    assertThat(kept(ACME, run(1)).attempts()).isEqualTo(1);
    assertThat(kept(ACME, run(1)).tried()).hasSize(1);
  }

  @Test
  void a_batch_writes_many_outcomes_of_many_organizations() {
    int runs = 200;
    IntStream.range(0, runs)
        .forEach(n -> add(n % 2 == 0 ? ACME : BOLT, n, webhook(n % 2), Duration.ofSeconds(1)));
    List<LeasedRun> leased = store().claimDue(runs, Crowded.NOBODY).runs();

    List<LeasedRun> dropped =
        store()
            .record(
                leased.stream()
                    .map(run -> attempted(run, 200, null, "\0 from " + run.id(), COMPLETE))
                    .toList());

    assertThat(dropped).isEmpty();
    for (int n = 0; n < runs; n++) {
      Kept kept = kept(n % 2 == 0 ? ACME : BOLT, run(n));
      assertThat(kept.status()).isEqualTo(RunStatus.COMPLETE);
      assertThat(kept.tried().getFirst().response()).endsWith(" from " + run(n));
    }
  }

  @Test
  void the_same_run_id_of_another_organization_is_another_run() {
    add(ACME, 1, HOOK, Duration.ofSeconds(1));
    LeasedRun acme = store().claimDue(1, Crowded.NOBODY).runs().getFirst();
    add(BOLT, 1, webhook(2), Duration.ofSeconds(1));
    LeasedRun bolt = store().claimDue(1, Crowded.NOBODY).runs().getFirst();
    assertThat(bolt.organization()).isEqualTo(BOLT);
    assertThat(bolt.message().cause().organization()).isEqualTo(BOLT);

    store().record(List.of(attempted(bolt, 200, null, "", COMPLETE)));

    assertThat(kept(ACME, acme.id()).status()).isEqualTo(RunStatus.STARTED);
    assertThat(kept(BOLT, bolt.id()).status()).isEqualTo(RunStatus.COMPLETE);
  }

  @Test
  void a_released_run_is_due_at_once_and_is_still_at_its_first_attempt() {
    LeasedRun leased = leased(1);
    store().release(List.of(leased));

    assertThat(kept(ACME, run(1)).status()).isEqualTo(RunStatus.WAITING);
    LeasedRun again = otherStore().claimDue(10, Crowded.NOBODY).runs().getFirst();
    assertThat(again.id()).isEqualTo(leased.id());
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.fence()).isGreaterThan(leased.fence());
  }

  /** It was once given back as AWAITING_RETRY, whatever it had failed with. */
  @Test
  void a_retry_that_is_released_still_shows_why_it_waits() {
    LeasedRun first = leased(1);
    Next retry = new Next.Retry(RunStatus.AUTH_FAILED, Duration.ofHours(1));
    store().record(List.of(attempted(first, 401, "the receiver answered 401", "no", retry)));
    for (int claims = 1; claims <= 2; claims++) {
      makeDue(ACME, run(1));
      LeasedRun second = store().claimDue(10, Crowded.NOBODY).runs().getFirst();
      assertThat(kept(ACME, run(1)).status()).isEqualTo(RunStatus.STARTED);

      store().release(List.of(second));
      assertThat(kept(ACME, run(1)).status()).isEqualTo(RunStatus.AUTH_FAILED);
      assertThat(kept(ACME, run(1)).error()).isEqualTo("the receiver answered 401");
    }
  }

  @Test
  void a_run_that_another_node_has_is_not_released() {
    LeasedRun lost = leased(1);
    makeDue(ACME, run(1));
    otherStore().claimDue(10, Crowded.NOBODY);

    store().release(List.of(lost));

    assertThat(claim(10)).isEmpty();
  }

  @Test
  void a_run_that_has_ended_is_not_released() {
    LeasedRun leased = leased(1);
    store().record(List.of(attempted(leased, 200, null, "", COMPLETE)));

    store().release(List.of(leased));

    assertThat(kept(ACME, run(1)).status()).isEqualTo(RunStatus.COMPLETE);
    assertThat(claim(10)).isEmpty();
  }

  @Test
  void runs_that_have_nowhere_to_go_end_as_disabled() {
    add(ACME, 1, webhook(1), Duration.ofSeconds(1));
    add(ACME, 2, webhook(2), Duration.ofSeconds(1));
    add(ACME, 3, webhook(3), Duration.ofSeconds(1));
    switchOff(webhook(1));
    unlink(webhook(2));

    Claim claim = store().claimDue(10, Crowded.NOBODY);

    assertThat(ids(claim)).containsExactly(run(3));
    assertThat(claim.ended()).isEqualTo(2);
    assertThat(claim.taken()).isEqualTo(3);
    for (int n = 1; n <= 2; n++) {
      assertThat(kept(ACME, run(n)).status()).isEqualTo(RunStatus.DISABLED);
      assertThat(kept(ACME, run(n)).dueIn()).isNull();
      assertThat(kept(ACME, run(n)).error()).isNotBlank();
    }
  }

  @Test
  void a_run_whose_link_lacks_a_mapping_that_it_demands_says_so() {
    add(ACME, 1, webhook(1), Duration.ofSeconds(2));
    add(ACME, 2, webhook(2), Duration.ofSeconds(1));
    demandMapping(webhook(2));

    assertThat(store().claimDue(10, Crowded.NOBODY).runs())
        .extracting(LeasedRun::id, LeasedRun::lacksMapping)
        .containsExactlyInAnyOrder(tuple(run(1), false), tuple(run(2), true));
  }

  @Test
  void a_run_whose_event_is_gone_ends_as_an_error() {
    add(ACME, 1, HOOK, Duration.ofSeconds(1));
    dropEvent(ACME, run(1));

    Claim claim = store().claimDue(10, Crowded.NOBODY);

    assertThat(claim.runs()).isEmpty();
    assertThat(claim.ended()).isEqualTo(1);
    assertThat(claim.expired()).isEqualTo(1);
    assertThat(kept(ACME, run(1)).status()).isEqualTo(RunStatus.ERROR);
    assertThat(kept(ACME, run(1)).error()).isNotBlank();
  }

  private LeasedRun leased(int number) {
    add(ACME, number, HOOK, Duration.ofSeconds(1));
    return store().claimDue(10, Crowded.NOBODY).runs().getFirst();
  }

  private List<RunId> claim(int max) {
    return ids(store().claimDue(max, Crowded.NOBODY));
  }

  private static List<RunId> claimAll(DeliveryStore node) {
    List<RunId> all = new ArrayList<>();
    List<RunId> some;
    do {
      some = ids(node.claimDue(7, Crowded.NOBODY));
      all.addAll(some);
    } while (!some.isEmpty());
    return all;
  }

  private static List<RunId> ids(Claim claim) {
    return claim.runs().stream().map(LeasedRun::id).toList();
  }

  private static Attempted attempted(
      LeasedRun run, Integer status, @Nullable String error, String response, Next next) {
    return new Attempted(run, Samples.NOW, Duration.ofMillis(12), status, error, response, next);
  }
}
