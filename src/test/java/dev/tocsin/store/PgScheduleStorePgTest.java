package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.Produced;
import dev.tocsin.schedule.DueEvent;
import dev.tocsin.schedule.ScheduleStore;
import dev.tocsin.schedule.ScheduleStoreContract;
import dev.tocsin.schedule.ScheduleSweep;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.pgclient.PgException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgScheduleStorePgTest extends ScheduleStoreContract {
  private static final ScheduleStore.Wanted ALL =
      new ScheduleStore.Wanted(null, Set.of(), 10, 100, 1_000_000);

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private final Set<OrganizationId> organizations = new HashSet<>();
  private final Set<String> configurations = new HashSet<>();
  private Instant now = NOW;

  @Override
  protected ScheduleStore store() {
    return new PgScheduleStore(
        postgres.open("schedule", PgScheduleStore.SESSION), () -> now, Duration.ofMinutes(1));
  }

  @Override
  protected void now(Instant moment) {
    now = moment;
  }

  @Override
  protected void arm(DueEvent due) {
    if (organizations.add(due.organization())) {
      postgres.createOrganization(due.organization().toString());
    }
    if (configurations.add(due.organization() + " " + due.configuration())) {
      postgres.execute(
          """
          insert into scheduled_event_configuration (organization_id, id, name, entity, field,
            offset_days, version, dt_created, dt_last_modified, created_by, last_modified_by)
          values ('%s', '%s', '%s', '%s', '%s', %d, 1, now(), now(), '-', '-')
          """
              .formatted(
                  due.organization(),
                  due.configuration(),
                  due.name(),
                  due.entity().entity(),
                  due.field(),
                  due.offset()));
    }
    postgres.execute(
        """
        insert into entity_state values ('%s', '%s', '%s', '%s', now(), '%s');
        insert into scheduled_due (organization_id, configuration_id, entity_id, due_at, arming,
          value, dt_armed)
        values ('%1$s', '%s', '%3$s', '%s', 1, '%s', '%s')
        """
            .formatted(
                due.organization(),
                due.entity().entity(),
                due.entity().id(),
                StoreSamples.id(),
                due.state(),
                due.configuration(),
                due.due(),
                due.value(),
                due.armed()));
  }

  private List<DueEvent> claim(ScheduleStore.Wanted wanted) {
    return store().claim(wanted).due();
  }

  private DueEvent armed(String bill) {
    DueEvent due = sample(1, bill, NOW);
    arm(due);
    return due;
  }

  @Test
  void what_had_been_stored_before_counts_as_fired_when_it_was_due() throws SQLException {
    DueEvent before = sample(1, "b1", NOW.minusSeconds(90));
    DueEvent meanwhile = sample(1, "b2", NOW.minusSeconds(60));
    List.of(before, meanwhile).forEach(this::arm);

    store().fired(List.of(before, meanwhile), Set.of(0));

    assertThat(ended("b1")).isEqualTo(NOW.minusSeconds(90));
    assertThat(ended("b2")).isEqualTo(NOW);
  }

  private Instant ended(String entity) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement session = connection.createStatement();
        ResultSet row =
            session.executeQuery(
                "select dt_ended from scheduled_due where entity_id = '" + entity + "'")) {
      assertThat(row.next()).isTrue();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  @Test
  void what_another_node_is_taking_is_passed_over() throws SQLException {
    DueEvent first = armed("b1");
    DueEvent second = armed("b2");
    try (Connection other = postgres.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("select from scheduled_due where entity_id = 'b1' for update");

      assertThat(claim(ALL)).containsExactly(second);
      other.rollback();
      assertThat(claim(ALL)).containsExactly(first);
    }
  }

  @Test
  void nothing_of_an_earlier_arming_or_a_configuration_that_is_gone_is_taken_or_in_the_way() {
    armed("b1");
    postgres.execute("update scheduled_event_configuration set arming = 2");
    DueEvent later = armed("b2");
    postgres.execute("update scheduled_due set arming = 2 where entity_id = 'b2'");

    assertThat(claim(new ScheduleStore.Wanted(null, Set.of(), 1, 1, 1))).containsExactly(later);
    postgres.execute("delete from scheduled_event_configuration");
    now(NOW.plusSeconds(3600));
    assertThat(claim(ALL)).isEmpty();
  }

  /** A sweep takes fewer than it wants for the end, and begins anew with the same ones. */
  @Test
  void organizations_that_yield_nothing_keep_none_after_them_waiting() {
    for (int organization = 1; organization <= 5; organization++) {
      arm(sample(organization, "b1", NOW));
    }
    assertThat(claim(new ScheduleStore.Wanted(null, Set.of(), 2, 9, 9))).hasSize(2);
    postgres.execute(
        "update scheduled_event_configuration set arming = 2 where organization_id in ('%s', '%s')"
            .formatted(new UUID(0, 3), new UUID(0, 4)));
    List<IncomingEvent> produced = new ArrayList<>();
    ScheduleSweep sweep =
        new ScheduleSweep(
            new ScheduleSweep.Limits(9, 9, 1, 1, Duration.ofSeconds(1), Duration.ofSeconds(1)),
            store(),
            (organization, events) -> {
              produced.addAll(events);
              return new Produced.Stored();
            },
            Runnable::run,
            () -> now,
            new SimpleMeterRegistry());

    assertThat(sweep.runOnce().taken()).isEqualTo(1);
    assertThat(produced).hasSize(1);
  }

  @Test
  void an_organization_with_very_many_hides_no_other() {
    ScheduleStore narrow = store(3);
    assertThat(narrow.claim(ALL).due()).isEmpty();
    for (int bill = 1; bill <= 4; bill++) {
      arm(sample(1, "b" + bill, NOW.minusSeconds(9 - bill)));
    }
    DueEvent other = sample(2, "b1", NOW);
    arm(other);

    ScheduleStore.Claimed first = narrow.claim(ALL);
    assertThat(first.due()).hasSize(4).doesNotContain(other);
    now(NOW.plusSeconds(1));
    assertThat(narrow.claim(ALL).due()).as("though the four are not fired").containsExactly(other);
  }

  /** Also while there is no room for more of the one that has so many. */
  @Test
  void what_a_crowd_hides_is_found_by_looks_that_follow_each_other_and_end() {
    ScheduleStore narrow = store(2);
    narrow.claim(ALL);
    for (int bill = 1; bill <= 3; bill++) {
      arm(sample(1, "b" + bill, NOW.minusSeconds(bill)));
    }
    for (int organization = 2; organization <= 6; organization++) {
      arm(sample(organization, "b1", NOW));
    }
    now(NOW.plusSeconds(1));

    List<DueEvent> taken = new ArrayList<>();
    OrganizationId last = null;
    boolean isOver = false;
    for (int look = 1; look <= 9 && !isOver; look++) {
      ScheduleStore.Claimed claimed =
          narrow.claim(new ScheduleStore.Wanted(last, Set.of(organization(1)), 10, 9, 1_000_000));
      taken.addAll(claimed.due());
      last = claimed.cameTo();
      isOver = last == null && !claimed.isMore();
    }
    assertThat(taken).hasSize(5);
    assertThat(isOver).isTrue();
  }

  @Test
  void a_look_goes_over_so_many_configurations_and_says_where_the_next_begins() {
    for (int configuration = 1; configuration <= 3; configuration++) {
      arm(sample(1, configuration, "b" + configuration, NOW.minusSeconds(1)));
    }
    arm(sample(2, "b1", NOW.plusSeconds(1)));
    arm(sample(3, "b1", NOW));
    ScheduleStore narrow = store(2);

    ScheduleStore.Claimed first = narrow.claim(ALL);
    assertThat(first.due()).extracting(DueEvent::organization).containsOnly(organization(1));
    assertThat(first.due()).as("all that an organization has").hasSize(3);
    assertThat(first.cameTo()).isEqualTo(organization(1));

    ScheduleStore.Claimed second = narrow.claim(after(first.cameTo()));
    assertThat(second.due()).extracting(DueEvent::organization).containsExactly(organization(3));
    assertThat(second.cameTo()).isNull();
  }

  // What was armed long before it is due, of which no index is in the order of time.

  private DueEvent armedLongAgo(int organization, String bill, Instant at) {
    DueEvent due = made(sample(organization, bill, at), NOW.minus(Duration.ofDays(90)));
    arm(due);
    return due;
  }

  @Test
  void what_was_armed_long_ago_is_known_before_it_is_due() {
    DueEvent first = armedLongAgo(2, "b1", NOW.plusSeconds(5));
    DueEvent second = armedLongAgo(2, "b2", NOW.plusSeconds(9));
    DueEvent third = armedLongAgo(1, "b1", NOW.plus(Duration.ofDays(5)));
    ScheduleStore store = store();
    assertThat(store.claim(ALL).due()).isEmpty();
    assertThat(store.nextDue(NOW)).isEqualTo(first.due());

    now(first.due());
    assertThat(store.claim(ALL).due()).containsExactly(first);
    assertThat(store.nextDue(now)).as("though the first is not fired yet").isEqualTo(second.due());
    now(second.due());
    assertThat(store.overdueSince()).isEqualTo(first.due());
    assertThat(store.claim(ALL).due()).containsExactly(second);
    store.fired(List.of(first, second), Set.of());
    assertThat(store.overdueSince()).isNull();
    assertThat(store.nextDue(now)).as("within a day").isNull();

    for (Instant look = now; look.isBefore(third.due()); look = look.plus(Duration.ofHours(1))) {
      now(look);
      assertThat(store.claim(ALL).due()).isEmpty();
    }
    now(third.due());
    assertThat(store.claim(ALL).due()).containsExactly(third);
  }

  @Test
  void the_lease_of_what_was_armed_long_ago_ends_too() {
    DueEvent due = armedLongAgo(1, "b1", NOW);
    ScheduleStore store = store();
    ScheduleStore other = store();
    assertThat(store.claim(ALL).due()).containsExactly(due);
    assertThat(other.claim(ALL).due()).isEmpty();

    now(NOW.plus(Duration.ofMinutes(1)));
    assertThat(other.claim(ALL).due()).containsExactly(due);
  }

  @Test
  void a_clock_that_is_set_finds_all_that_is_due_then() {
    ScheduleStore store = store(1);
    now(NOW.plus(Duration.ofDays(400)));
    store.claim(ALL);
    DueEvent soon = armedLongAgo(1, "b1", NOW.plusSeconds(1));
    DueEvent later = armedLongAgo(2, "b1", NOW.plus(Duration.ofDays(60)));

    now(NOW.plusSeconds(1));
    assertThat(store.claim(ALL).due()).containsExactly(soon);
    store.fired(List.of(soon), Set.of());
    now(NOW.plus(Duration.ofDays(61)));
    assertThat(store.claim(ALL).due()).containsExactly(later);
  }

  /** As if a commit had taken two days. */
  @Test
  void what_one_survey_did_not_see_another_does_a_page_with_each_look() {
    ScheduleStore narrow = store(2);
    narrow.claim(ALL);
    Instant due = NOW.plus(Duration.ofMinutes(6));
    for (int organization = 1; organization <= 5; organization++) {
      armedLongAgo(organization, "b1", due);
    }
    now(NOW.plus(Duration.ofMinutes(5)).minusMillis(1));
    narrow.claim(ALL);
    assertThat(narrow.nextDue(now)).isNull();

    now(NOW.plus(Duration.ofMinutes(5)));
    narrow.claim(ALL);
    assertThat(narrow.nextDue(now)).isEqualTo(due);
    now(due);
    assertThat(narrow.claim(ALL).due()).hasSize(2);
    assertThat(narrow.claim(after(organization(2))).due()).hasSize(2);
    assertThat(narrow.claim(after(organization(4))).due()).hasSize(1);
  }

  /** Its row is from before, so the index of what is soon due does not have it. */
  @Test
  void what_a_walk_brings_under_the_present_arming_is_found() {
    DueEvent due = armedLongAgo(1, "b1", NOW);
    postgres.execute(
        """
        update scheduled_event_configuration set arming = 2;
        insert into scheduled_arming (organization_id, configuration_id, arming, dt_started)
        select organization_id, id, 2, now() from scheduled_event_configuration;
        """);
    ScheduleStore store = store();
    assertThat(store.claim(ALL).due()).isEmpty();

    postgres.execute(
        "update scheduled_due set arming = 2; update scheduled_arming set dt_completed = now()");
    assertThat(store.claim(ALL).due()).containsExactly(due);
  }

  @Test
  void what_a_walk_brought_under_another_arming_since_it_was_asked_for_is_found() {
    DueEvent due = armedLongAgo(1, "b1", NOW.plus(Duration.ofHours(1)));
    ScheduleStore store = store();
    store.claim(ALL);
    postgres.execute(
        """
        update scheduled_event_configuration set arming = 2;
        update scheduled_due set arming = 2;
        insert into scheduled_arming (organization_id, configuration_id, arming, dt_started,
          dt_completed)
        select organization_id, id, 2, now(), now() from scheduled_event_configuration;
        """);

    now(due.due());
    assertThat(store.claim(ALL).due()).containsExactly(due);
  }

  @Test
  void what_was_taken_is_not_lost_if_it_cannot_be_asked_what_is_next() {
    ScheduleStore store = store();
    store.claim(ALL);
    DueEvent due = armed("b1");
    DueEvent next = sample(1, "b2", NOW.plusSeconds(5));
    arm(next);
    postgres.execute("alter function scheduled_due_agenda rename to away");

    assertThat(store.claim(ALL).due()).containsExactly(due);
    assertThatThrownBy(() -> store.nextDue(NOW)).isInstanceOf(PgException.class);
    postgres.execute("alter function away rename to scheduled_due_agenda");
    assertThat(store.nextDue(NOW)).isEqualTo(next.due());
  }

  private ScheduleStore store(int lookMax) {
    return new PgScheduleStore(
        postgres.open("narrow", PgScheduleStore.SESSION),
        () -> now,
        Duration.ofMinutes(1),
        lookMax);
  }

  private static OrganizationId organization(int number) {
    return new OrganizationId(new UUID(0, number));
  }

  private static ScheduleStore.Wanted after(@Nullable OrganizationId last) {
    return new ScheduleStore.Wanted(last, Set.of(), 10, 100, 1_000_000);
  }

  @Test
  void what_has_no_state_to_tell_is_neither_taken_nor_in_the_way() {
    armed("b1");
    DueEvent later = sample(1, "b2", NOW.plusSeconds(1));
    arm(later);
    postgres.execute("update entity_state set state = null where entity_id = 'b1'");
    now(NOW.plusSeconds(1));

    assertThat(claim(new ScheduleStore.Wanted(null, Set.of(), 1, 1, 9))).containsExactly(later);
  }

  @Test
  void nothing_of_an_erased_organization_is_taken_or_in_the_way() {
    DueEvent erased = armed("b1");
    DueEvent other = sample(2, "b1", NOW);
    arm(other);
    postgres.execute(
        "insert into organization_erasure values ('%s', now())".formatted(erased.organization()));

    assertThat(claim(new ScheduleStore.Wanted(null, Set.of(), 1, 9, 9))).containsExactly(other);
  }

  @Test
  void what_does_not_fire_is_not_overdue() {
    armed("b1");
    armed("b2");
    postgres.execute(
        """
        update entity_state set state = null where entity_id = 'b1';
        update scheduled_due set arming = 0 where entity_id = 'b2';
        """);
    assertThat(store().overdueSince()).isNull();
    DueEvent due = armed("b3");
    assertThat(store().overdueSince()).isEqualTo(due.due());
    postgres.execute(
        "insert into organization_erasure values ('%s', now())".formatted(due.organization()));
    assertThat(store().overdueSince()).isNull();
  }

  @Test
  void a_fired_one_says_so_and_when() {
    DueEvent due = armed("b1");
    ScheduleStore store = store();
    store.claim(ALL);
    now(NOW.plusSeconds(2));
    store.fired(List.of(due), Set.of());

    assertThat(
            postgres.value(
                "select concat_ws(' ', outcome, dt_ended = '%s', leased_until) from scheduled_due"
                    .formatted(now)))
        .isEqualTo("FIRED t");
  }
}
