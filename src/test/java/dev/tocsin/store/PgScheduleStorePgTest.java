package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.Produced;
import dev.tocsin.schedule.DueEvent;
import dev.tocsin.schedule.ScheduleStore;
import dev.tocsin.schedule.ScheduleStoreContract;
import dev.tocsin.schedule.ScheduleSweep;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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

  /** More is due than one look goes over, so it steps from one organization to the next. */
  @Test
  void an_organization_with_very_many_hides_no_other_and_every_look_ends() {
    for (int bill = 1; bill <= 4; bill++) {
      arm(sample(1, "b" + bill, NOW.minusSeconds(9)));
    }
    for (int organization = 2; organization <= 6; organization++) {
      arm(sample(organization, "b1", organization == 5 ? NOW : NOW.plusSeconds(1)));
    }
    ScheduleStore narrow =
        new PgScheduleStore(
            postgres.open("narrow", PgScheduleStore.SESSION), () -> now, Duration.ofMinutes(1), 3);

    ScheduleStore.Claimed first =
        narrow.claim(new ScheduleStore.Wanted(null, Set.of(), 9, 3, 1_000_000));
    assertThat(first.due()).hasSize(3);
    assertThat(first.cameTo()).isEqualTo(new OrganizationId(new UUID(0, 3)));
    assertThat(first.isMore()).isTrue();

    ScheduleStore.Claimed second =
        narrow.claim(new ScheduleStore.Wanted(first.cameTo(), Set.of(), 9, 3, 1_000_000));
    assertThat(second.due())
        .extracting(due -> due.organization().value().getLeastSignificantBits())
        .containsExactly(5L);
    assertThat(second.cameTo()).isEqualTo(new OrganizationId(new UUID(0, 6)));

    assertThat(narrow.claim(new ScheduleStore.Wanted(second.cameTo(), Set.of(), 9, 3, 9)))
        .isEqualTo(new ScheduleStore.Claimed(List.of(), null, false));
  }

  /** Its first configurations have nothing due; what it has that is comes after the look's end. */
  @Test
  void an_organization_that_a_look_does_not_step_through_is_not_passed_over() {
    arm(sample(1, "b1", NOW.minusSeconds(9)));
    arm(sample(1, "b2", NOW.minusSeconds(9)));
    for (int configuration = 1; configuration <= 3; configuration++) {
      arm(sample(2, configuration, "b" + configuration, NOW.plusSeconds(1)));
    }
    DueEvent last = sample(2, 4, "b4", NOW.minusSeconds(1));
    arm(last);
    ScheduleStore narrow =
        new PgScheduleStore(
            postgres.open("narrow", PgScheduleStore.SESSION), () -> now, Duration.ofMinutes(1), 3);

    ScheduleStore.Claimed claimed =
        narrow.claim(new ScheduleStore.Wanted(null, Set.of(), 9, 9, 1_000_000));
    assertThat(claimed.due()).hasSize(3).contains(last);
    assertThat(claimed.cameTo()).isEqualTo(last.organization());
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
