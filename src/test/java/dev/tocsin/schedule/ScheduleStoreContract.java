package dev.tocsin.schedule;

import static dev.tocsin.schedule.MemoryScheduleStore.LEASE;
import static dev.tocsin.schedule.MemoryScheduleStore.due;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.schedule.ScheduleStore.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the sweep relies on in a store of appointments, whichever it is. */
public abstract class ScheduleStoreContract {
  protected static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  private static final Wanted ALL = new Wanted(null, Set.of(), 10, 100, 1_000_000);

  private ScheduleStore store;

  protected abstract ScheduleStore store();

  /** Moves the clock that the store goes by; it begins with {@link #NOW}. */
  protected abstract void now(Instant moment);

  /** Has an appointment with an entity whose state there is. */
  protected abstract void arm(DueEvent due);

  @BeforeEach
  void openStore() {
    store = store();
  }

  /** An appointment with a bill. */
  protected static DueEvent sample(int organization, String bill, Instant at) {
    return sample(organization, 1, bill, at);
  }

  /** The same, of another configuration. */
  protected static DueEvent sample(int organization, int configuration, String bill, Instant at) {
    return due(organization, configuration, bill, at, "{\"id\": \"" + bill + "\", \"x\": 1.0}");
  }

  /** The same, but made at another time than a minute before it is due. */
  protected static DueEvent made(DueEvent due, Instant at) {
    return MemoryScheduleStore.armed(due, at);
  }

  private DueEvent armed(int organization, String bill, Instant at) {
    DueEvent due = sample(organization, bill, at);
    arm(due);
    return due;
  }

  @Test
  void what_is_due_is_taken_with_everything_its_event_needs() {
    DueEvent now = armed(1, "b1", NOW);
    DueEvent before = armed(1, "b2", NOW.minusSeconds(1));
    armed(1, "b3", NOW.plusMillis(1));

    assertThat(claim(ALL)).containsExactly(before, now);
  }

  @Test
  void organizations_take_turns_in_order_each_with_what_is_due_first() {
    DueEvent acme = armed(1, "b1", NOW.minusSeconds(1));
    armed(1, "b2", NOW);
    DueEvent bolt = armed(2, "b1", NOW);
    DueEvent coil = armed(3, "b1", NOW.minusSeconds(9));
    armed(4, "b1", NOW.plusSeconds(1));

    assertThat(claim(new Wanted(null, Set.of(), 2, 1, 1_000_000))).containsExactly(acme, bolt);
    assertThat(claim(new Wanted(bolt.organization(), Set.of(), 2, 1, 1_000_000)))
        .containsExactly(coil);
  }

  @Test
  void of_two_configurations_the_one_whose_first_is_due_longest_has_its_turn() {
    DueEvent first = armed(1, "b1", NOW.minusSeconds(9));
    DueEvent third = armed(1, "b2", NOW.minusSeconds(1));
    DueEvent second = sample(1, 2, "b3", NOW.minusSeconds(5));
    arm(second);
    Wanted one = new Wanted(null, Set.of(), 1, 1, 1_000_000);

    assertThat(claim(one)).containsExactly(first);
    assertThat(claim(one)).containsExactly(second);
    assertThat(claim(one)).containsExactly(third);
  }

  @Test
  void what_is_due_of_several_configurations_is_taken_together() {
    DueEvent one = armed(1, "b1", NOW.minusSeconds(9));
    DueEvent other = sample(1, 2, "b2", NOW.minusSeconds(5));
    arm(other);
    arm(sample(1, 3, "b3", NOW.plusSeconds(1)));

    assertThat(claim(ALL)).containsExactly(one, other);
  }

  @Test
  void organizations_are_left_out_and_do_not_count() {
    DueEvent acme = armed(1, "b1", NOW);
    DueEvent bolt = armed(2, "b1", NOW);

    assertThat(claim(new Wanted(null, Set.of(acme.organization()), 1, 9, 1_000_000)))
        .containsExactly(bolt);
    assertThat(
            claim(
                new Wanted(
                    null,
                    Set.of(acme.organization(), new OrganizationId(new UUID(0, 9))),
                    1,
                    9,
                    1_000_000)))
        .isEmpty();
  }

  @Test
  void organizations_whose_appointments_are_all_taken_do_not_count() {
    DueEvent acme = armed(1, "b1", NOW);
    DueEvent bolt = armed(2, "b1", NOW);
    Wanted one = new Wanted(null, Set.of(), 1, 9, 1_000_000);

    assertThat(claim(one)).containsExactly(acme);
    assertThat(claim(one)).containsExactly(bolt);
    assertThat(claim(one)).isEmpty();
  }

  @Test
  void what_is_too_large_together_is_taken_apart_and_what_is_too_large_alone_alone() {
    DueEvent first = armed(1, "b1", NOW.minusSeconds(3));
    DueEvent second = armed(1, "b2", NOW.minusSeconds(2));
    armed(1, "b3", NOW.minusSeconds(1));
    int size = first.state().length();

    assertThat(claim(new Wanted(null, Set.of(), 1, 9, size - 1))).containsExactly(first);
    assertThat(claim(new Wanted(null, Set.of(), 1, 9, size))).containsExactly(second);
  }

  @Test
  void what_was_taken_is_taken_again_when_the_lease_is_over() {
    DueEvent due = armed(1, "b1", NOW);
    claim(ALL);

    now(NOW.plus(LEASE).minusMillis(1));
    assertThat(claim(ALL)).isEmpty();
    now(NOW.plus(LEASE));
    assertThat(claim(ALL)).containsExactly(due);
  }

  @Test
  void what_was_given_back_is_taken_again_after_the_pause() {
    DueEvent due = armed(1, "b1", NOW);
    store.giveBack(claim(ALL), Duration.ofSeconds(1));

    assertThat(claim(ALL)).isEmpty();
    now(NOW.plusSeconds(1));
    assertThat(claim(ALL)).containsExactly(due);
  }

  @Test
  void what_was_fired_is_never_taken_again_even_if_it_was_meanwhile() {
    DueEvent due = armed(1, "b1", NOW);
    List<DueEvent> first = claim(ALL);
    now(NOW.plus(LEASE));
    claim(ALL);

    store.fired(first, Set.of());
    store.fired(List.of(due), Set.of());
    store.giveBack(List.of(due), Duration.ofSeconds(1));

    now(NOW.plus(LEASE.multipliedBy(3)));
    assertThat(claim(ALL)).isEmpty();
  }

  @Test
  void the_next_is_the_first_that_is_due_after_a_moment_whosever_it_is() {
    assertThat(store.nextDue(NOW)).isNull();
    armed(2, "b1", NOW.plusSeconds(5));
    armed(1, "b1", NOW.plusSeconds(9));
    armed(3, "b1", NOW);
    assertThat(store.nextDue(NOW)).isEqualTo(NOW.plusSeconds(5));
    assertThat(store.nextDue(NOW.minusMillis(1))).isEqualTo(NOW);

    now(NOW.plusSeconds(5));
    store.fired(claim(ALL), Set.of());
    assertThat(store.nextDue(NOW)).isEqualTo(NOW.plusSeconds(9));
  }

  @Test
  void a_look_says_how_far_it_came_and_whether_an_organization_has_more() {
    armed(1, "b1", NOW);
    armed(1, "b2", NOW);
    DueEvent bolt = armed(2, "b1", NOW);
    DueEvent first = armed(1, "b0", NOW.minusSeconds(1));

    ScheduleStore.Claimed one = store.claim(new Wanted(null, Set.of(), 1, 2, 1_000_000));
    assertThat(one.cameTo()).isEqualTo(first.organization());
    assertThat(one.isMore()).isTrue();
    ScheduleStore.Claimed rest = store.claim(new Wanted(one.cameTo(), Set.of(), 9, 2, 1_000_000));
    assertThat(rest).isEqualTo(new ScheduleStore.Claimed(List.of(bolt), null, false));
    assertThat(store.claim(new Wanted(null, Set.of(), 9, 9, 1_000_000)).isMore()).isFalse();
    assertThat(store.claim(ALL)).isEqualTo(new ScheduleStore.Claimed(List.of(), null, false));
  }

  @Test
  void what_does_not_fit_is_more() {
    DueEvent first = armed(1, "b1", NOW.minusSeconds(1));
    armed(1, "b2", NOW);

    assertThat(store.claim(new Wanted(null, Set.of(), 9, 9, first.state().length())).isMore())
        .isTrue();
    assertThat(store.claim(new Wanted(null, Set.of(), 9, 9, 1)).isMore()).isFalse();
  }

  @Test
  void what_waits_longest_does_so_since_it_was_due_or_made() {
    armed(1, "b1", NOW.plusSeconds(1));
    assertThat(store.overdueSince()).isNull();
    arm(made(sample(1, "b2", NOW.minusSeconds(90)), NOW.minusSeconds(4)));
    assertThat(store.overdueSince()).isEqualTo(NOW.minusSeconds(4));
    armed(2, "b1", NOW.minusSeconds(7));
    assertThat(store.overdueSince()).isEqualTo(NOW.minusSeconds(7));

    List<DueEvent> taken = claim(ALL);
    assertThat(store.overdueSince()).as("until it has fired").isEqualTo(NOW.minusSeconds(7));
    store.fired(taken, Set.of());
    assertThat(store.overdueSince()).isNull();
  }

  private List<DueEvent> claim(Wanted wanted) {
    return store.claim(wanted).due();
  }
}
