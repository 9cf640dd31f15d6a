package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.faults.Deliveries.Link;
import dev.tocsin.faults.Deliveries.Run;
import dev.tocsin.faults.Deliveries.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is noticed of a notification whose rule has two links, to two webhooks. */
class DeliveriesTest {
  private static final Instant CLAIMED = Instant.parse("2026-11-27T10:00:00Z");
  private static final Link ONE = new Link("link-1", "rule", "hook-1");
  private static final Link TWO = new Link("link-2", "rule", "hook-2");

  private final List<Run> runs =
      new ArrayList<>(List.of(run(ONE, 1, 1, 0, 20), run(TWO, 2, 2, 1, 300)));
  private final Map<String, Integer> first = new HashMap<>(Map.of("n", 1));
  private final Map<String, Integer> second = new HashMap<>(Map.of("n", 1));

  private static Run run(Link link, int claims, int recorded, int refused, long millis) {
    return new Run(
        "of-" + link.id(),
        "n",
        "rule",
        link.id(),
        link.webhook(),
        "COMPLETE",
        claims,
        recorded,
        refused,
        CLAIMED.toEpochMilli(),
        millis,
        false);
  }

  private List<String> complaints(Stop... stops) {
    List<String> complaints = new ArrayList<>();
    new Deliveries(Duration.ofSeconds(5), (kind, what) -> complaints.add(kind))
        .judge(
            runs,
            Map.of("n", "rule", "other", "rule that leads nowhere"),
            List.of(ONE, TWO),
            Map.of("hook-1", first, "hook-2", second),
            List.of(stops));
    return complaints;
  }

  @Test
  void nothing_is_said_of_what_is_in_order() {
    assertThat(complaints()).isEmpty();
  }

  @Test
  void more_requests_than_claims() {
    first.put("n", 2);
    assertThat(complaints()).containsExactly("delivered more often than claimed");
  }

  @Test
  void a_request_that_was_refused_was_not_taken() {
    second.put("n", 2);
    assertThat(complaints()).containsExactly("delivered more often than claimed");
  }

  @Test
  void what_was_taken_before_a_lease_was_lost_may_be_taken_again() {
    runs.set(0, run(ONE, 2, 1, 0, 5_100));
    first.put("n", 2);
    assertThat(complaints()).isEmpty();
  }

  @Test
  void a_claim_of_what_somebody_holds_but_for_what_is_given_back_by_a_node_that_stops() {
    runs.set(0, run(ONE, 2, 1, 0, 4_900));
    assertThat(complaints()).containsExactly("claimed before the lease was over");
    assertThat(complaints(new Stop(CLAIMED.plusSeconds(4), CLAIMED.plusSeconds(9)))).isEmpty();
    assertThat(complaints(new Stop(CLAIMED.plusSeconds(5), CLAIMED.plusSeconds(9))))
        .containsExactly("claimed before the lease was over");
  }

  @Test
  void attempts_of_a_claim_that_was_not_made() {
    runs.set(0, run(ONE, 1, 2, 0, 20));
    assertThat(complaints()).containsExactly("attempts without claims");
  }

  @Test
  void a_link_that_was_passed_over_or_followed_twice() {
    runs.set(0, run(TWO, 1, 1, 0, 20));
    assertThat(complaints())
        .containsExactlyInAnyOrder(
            "notification without a run",
            "two runs of one notification and link",
            "delivered more often than claimed");
  }

  @Test
  void a_run_and_a_delivery_where_no_link_leads() {
    runs.add(run(new Link("link-3", "rule", "hook-3"), 1, 1, 0, 20));
    second.put("other", 1);
    assertThat(complaints())
        .containsExactlyInAnyOrder("run where no link leads", "delivered where no link leads");
  }

  @Test
  void what_never_came() {
    first.clear();
    assertThat(complaints()).containsExactly("not delivered");
  }

  @Test
  void a_run_that_ended_otherwise_and_one_that_went_on_after_it_had_succeeded() {
    Run run = runs.getFirst();
    runs.set(
        0,
        new Run(
            run.id(),
            run.notification(),
            run.rule(),
            run.link(),
            run.webhook(),
            "ERROR",
            1,
            1,
            0,
            CLAIMED.toEpochMilli(),
            20,
            true));
    assertThat(complaints())
        .containsExactly("run that did not complete", "attempted after it had succeeded");
  }
}
