package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.schedule.Arming;
import dev.tocsin.schedule.ArmingStore.Dated;
import dev.tocsin.schedule.ArmingStore.States;
import dev.tocsin.schedule.ArmingStore.Wanted;
import dev.tocsin.schedule.ArmingSweep;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Walks through stored states, on rows that a test wrote, and beside others who hold some. */
class PgArmingsPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final Duration LATE_WINDOW = Duration.ofDays(1);
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final String WAITING =
      "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
          + " and query like '%scheduled_arming%'";
  private static final String TOMORROW = "2026-11-24T12:00:00Z";

  private final UUID configuration = StoreSamples.id();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private Instant now = Samples.NOW;
  private OrganizationId acme;

  @BeforeEach
  void an_organization_with_a_configuration() {
    postgres.execute("update scheduled_arming set dt_completed = now()");
    acme = StoreSamples.organization(postgres);
    postgres.execute(
        """
        insert into scheduled_event_configuration (organization_id, id, name, entity, field,
          offset_days, version, dt_created, dt_last_modified, created_by, last_modified_by)
        values ('%s', '%s', 'scheduled.bill.end', 'Bill', 'end', 0, 1, now(), now(), 't', 't')\
        """
            .formatted(acme, configuration));
    begin(1);
  }

  private void begin(int arming) {
    postgres.execute(
        """
        delete from scheduled_arming where configuration_id = '%2$s';
        update scheduled_event_configuration set arming = %3$d where id = '%2$s';
        insert into scheduled_arming (organization_id, configuration_id, arming, dt_started)
        values ('%1$s', '%2$s', %3$d, '2026-11-23T07:00:00Z')\
        """
            .formatted(acme, configuration, arming));
  }

  private UUID bill(String id, @Nullable String end) {
    UUID writer = StoreSamples.id();
    postgres.execute(
        """
        insert into entity_state values ('%s', 'Bill', '%s', '%s', now(), %s)
        on conflict (organization_id, entity, entity_id)
          do update set event_id = excluded.event_id, state = excluded.state\
        """
            .formatted(
                acme,
                id,
                writer,
                end == null ? "null" : "'{\"id\":\"" + id + "\",\"end\":\"" + end + "\"}'"));
    return writer;
  }

  private void row(String bill, String due, int arming, @Nullable String outcome) {
    postgres.execute(
        """
        insert into scheduled_due (organization_id, configuration_id, entity_id, due_at, arming,
          value, dt_armed, outcome, dt_ended)
        values ('%s', '%s', '%s', '%s', %d, '%4$s', '2026-11-01T00:00:00Z', %s)\
        """
            .formatted(
                acme,
                configuration,
                bill,
                due,
                arming,
                outcome == null ? "null, null" : "'" + outcome + "', now()"));
  }

  /** The rows that there are: bill, due, arming and outcome. */
  private String rows() {
    return postgres.value(
        """
        select coalesce(string_agg(concat_ws(' ', entity_id, to_char(due_at at time zone 'UTC',
          'MM-DD HH24:MI'), arming, outcome), ', ' order by entity_id, due_at), '')
        from scheduled_due where configuration_id = '%s'\
        """
            .formatted(configuration));
  }

  private String progress() {
    return postgres.value(
        """
        select concat_ws(' ', scanned, armed, skipped, dt_completed is not null)
        from scheduled_arming where configuration_id = '%s'\
        """
            .formatted(configuration));
  }

  private PgArmings store() {
    return new PgArmings(postgres.database(), () -> now, LATE_WINDOW, LEASE);
  }

  private ArmingSweep sweep(int batch) {
    return new ArmingSweep(new ArmingSweep.Limits(10, batch), store(), () -> now, meters);
  }

  private void sweepAll(int batch) {
    ArmingSweep sweep = sweep(batch);
    for (boolean more = true; more; ) {
      more = sweep.runOnce().more();
    }
  }

  @Test
  void every_stored_state_with_the_date_is_armed_in_batches() {
    for (int i = 0; i < 7; i++) {
      bill("b" + i, "2026-11-2" + (i + 1) + "T10:00:00Z");
    }
    bill("c1", null);
    bill("c2", "soon");

    sweepAll(3);

    assertThat(rows())
        .isEqualTo(
            "b0 11-21 10:00 1 SKIPPED, b1 11-22 10:00 1, b2 11-23 10:00 1, b3 11-24 10:00 1,"
                + " b4 11-25 10:00 1, b5 11-26 10:00 1, b6 11-27 10:00 1");
    assertThat(progress()).isEqualTo("9 6 1 t");
    assertThat(meters.counter("tocsin.schedule.arming.scanned").count()).isEqualTo(9);
    assertThat(meters.counter("tocsin.schedule.arming.completed").count()).isEqualTo(1);
  }

  @Test
  void a_walk_through_nothing_is_through() {
    assertThat(sweep(3).runOnce().walks()).isEqualTo(1);
    assertThat(progress()).isEqualTo("0 0 0 t");
    assertThat(sweep(3).runOnce()).isEqualTo(new ArmingSweep.Round(0, false));
  }

  @Test
  void what_is_due_as_long_ago_as_the_late_window_is_armed_and_earlier_is_skipped() {
    bill("b1", "2026-11-22T08:00:00Z");
    bill("b2", "2026-11-22T07:59:59.999999Z");

    sweepAll(10);

    assertThat(rows()).isEqualTo("b1 11-22 08:00 1, b2 11-22 07:59 1 SKIPPED");
  }

  @Test
  void a_later_arming_keeps_what_is_due_at_the_same_time_and_replaces_the_rest() {
    bill("b1", TOMORROW);
    row("b1", TOMORROW, 1, null);
    bill("b2", "2026-11-20T12:00:00Z");
    row("b2", "2026-11-20T12:00:00Z", 1, "FIRED");
    bill("b3", TOMORROW);
    row("b3", "2026-11-25T12:00:00Z", 1, null);
    bill("b4", TOMORROW);
    row("b4", "2026-11-20T12:00:00Z", 1, "FIRED");
    bill("b5", null);
    row("b5", TOMORROW, 1, null);
    row("b6-of-another-entity", TOMORROW, 1, null);
    row("b7-of-another-entity", "2026-11-20T12:00:00Z", 1, "SKIPPED");
    bill("b8", TOMORROW);
    row("b8", "2026-11-23T07:59:00Z", 1, null);
    begin(2);

    sweepAll(2);

    assertThat(rows())
        .isEqualTo(
            "b1 11-24 12:00 2, b2 11-20 12:00 2 FIRED, b3 11-24 12:00 2, b4 11-24 12:00 2,"
                + " b8 11-24 12:00 2");
    assertThat(progress()).isEqualTo("6 4 0 t");
  }

  @Test
  void what_is_owed_by_this_arming_stays_owed() {
    bill("b1", TOMORROW);
    row("b1", TOMORROW, 1, null);
    row("b1", "2026-11-23T07:59:00Z", 1, null);

    sweepAll(2);

    assertThat(rows()).isEqualTo("b1 11-23 07:59 1, b1 11-24 12:00 1");
  }

  @Test
  void a_state_that_changed_after_it_was_read_is_left_to_who_changed_it() {
    UUID first = bill("b1", TOMORROW);
    Arming arming = store().claim(null, 10).getFirst();
    Wanted wanted = store().wanted(arming).orElseThrow();
    States read = store().states(arming, "Bill", 10);
    bill("b1", "2026-11-25T12:00:00Z");
    row("b1", "2026-11-25T12:00:00Z", 1, null);

    assertThat(read.states().getFirst().writer().value()).isEqualTo(first);
    assertThat(store().arm(arming, "Bill", dated(read, wanted), read.isLast()))
        .hasValueSatisfying(step -> assertThat(step.scanned()).isEqualTo(1));
    assertThat(rows()).isEqualTo("b1 11-25 12:00 1");
  }

  private static List<Dated> dated(States read, Wanted wanted) {
    return read.states().stream()
        .map(state ->
            new Dated(
                state.entityId(),
                state.writer(),
                wanted.date().due(Objects.requireNonNull(state.payload()), wanted.zone())))
        .toList();
  }

  @Test
  void of_two_nodes_at_one_place_the_second_changes_nothing() {
    bill("b1", TOMORROW);
    bill("b2", TOMORROW);
    Arming one = store().claim(null, 10).getFirst();
    assertThat(store().claim(null, 10)).isEmpty();
    now = now.plus(LEASE);
    Arming other = store().claim(null, 10).getFirst();
    Wanted wanted = store().wanted(one).orElseThrow();
    States read = store().states(one, "Bill", 1);

    assertThat(other).isEqualTo(one);
    assertThat(store().arm(one, "Bill", dated(read, wanted), read.isLast())).isPresent();
    assertThat(store().arm(other, "Bill", dated(read, wanted), read.isLast())).isEmpty();
    assertThat(progress()).isEqualTo("1 1 0 f");
  }

  @Test
  void a_step_of_an_earlier_arming_changes_nothing() {
    bill("b1", TOMORROW);
    Arming old = store().claim(null, 10).getFirst();
    Wanted wanted = store().wanted(old).orElseThrow();
    States read = store().states(old, "Bill", 10);
    begin(2);

    assertThat(store().arm(old, "Bill", dated(read, wanted), read.isLast())).isEmpty();
    assertThat(rows()).isEmpty();
    assertThat(progress()).isEqualTo("0 0 0 f");
  }

  @Test
  void a_step_ends_before_a_state_that_a_commit_holds_and_the_next_begins_there()
      throws SQLException {
    bill("b1", TOMORROW);
    bill("b2", TOMORROW);
    bill("b3", TOMORROW);
    try (Connection commit = postgres.connect();
        Statement statement = commit.createStatement()) {
      commit.setAutoCommit(false);
      statement.execute("select from entity_state where entity_id = 'b2' for update");

      sweepAll(10);
      assertThat(rows()).isEqualTo("b1 11-24 12:00 1");
      assertThat(progress()).isEqualTo("1 1 0 f");
      commit.rollback();
    }
    sweepAll(10);

    assertThat(rows()).isEqualTo("b1 11-24 12:00 1, b2 11-24 12:00 1, b3 11-24 12:00 1");
    assertThat(progress()).isEqualTo("3 3 0 t");
  }

  /** Two who lock several in another order each may wait for each other. */
  @Test
  void a_step_waits_for_the_first_of_what_it_replaces_and_holds_none_of_the_others_then()
      throws Exception {
    for (int i = 3; i >= 1; i--) {
      bill("b" + i, TOMORROW);
      row("b" + i, "2026-11-25T12:00:00Z", 1, null);
    }
    begin(2);
    // Whatever the plan: this one would come by them in the order in which they were written.
    Map<String, String> session = Map.of("enable_nestloop", "off", "enable_mergejoin", "off");
    try (Connection fire = postgres.connect();
        Statement statement = fire.createStatement();
        Database pool = postgres.open("walk", session);
        ExecutorService walker = Executors.newSingleThreadExecutor()) {
      ArmingSweep sweep =
          new ArmingSweep(
              new ArmingSweep.Limits(10, 10),
              new PgArmings(pool, () -> now, LATE_WINDOW, LEASE),
              () -> now,
              meters);
      fire.setAutoCommit(false);
      statement.execute("select from scheduled_due where entity_id = 'b1' for update");
      Future<?> walk = walker.submit(sweep::runOnce);
      while (postgres.value(WAITING).equals("0") && !walk.isDone()) {
        Thread.onSpinWait();
      }

      statement.execute("select from scheduled_due where entity_id <> 'b1' for update nowait");
      fire.rollback();
      walk.get();
    }
    assertThat(rows()).isEqualTo("b1 11-24 12:00 2, b2 11-24 12:00 2, b3 11-24 12:00 2");
  }

  @Test
  void what_is_left_of_earlier_armings_goes_when_nobody_holds_it() throws SQLException {
    for (int i = 1; i <= 5; i++) {
      row("b" + i, TOMORROW, 1, null);
    }
    begin(2);
    try (Connection end = postgres.connect();
        Statement statement = end.createStatement()) {
      end.setAutoCommit(false);
      statement.execute("select from scheduled_due where entity_id = 'b3' for update");

      sweepAll(2);
      assertThat(rows()).isEqualTo("b3 11-24 12:00 1, b4 11-24 12:00 1, b5 11-24 12:00 1");
      end.rollback();
    }
    sweepAll(2);

    assertThat(rows()).isEmpty();
    assertThat(progress()).isEqualTo("0 0 0 t");
  }

  @Test
  void of_a_deleted_configuration_nothing_stays() throws SQLException {
    for (int i = 1; i <= 5; i++) {
      row("b" + i, TOMORROW, i % 2 + 1, i == 4 ? "FIRED" : null);
    }
    begin(3);
    postgres.execute(
        "delete from scheduled_event_configuration where id = '" + configuration + "'");
    try (Connection end = postgres.connect();
        Statement statement = end.createStatement()) {
      end.setAutoCommit(false);
      statement.execute("select from scheduled_due where entity_id = 'b2' for update");

      sweepAll(2);
      assertThat(rows()).isEqualTo("b2 11-24 12:00 1");
      assertThat(progress()).isEqualTo("0 0 0 f");
      end.rollback();
    }
    sweepAll(2);

    assertThat(rows()).isEmpty();
    assertThat(
            postgres.value(
                "select count(*) from scheduled_arming where configuration_id = '"
                    + configuration
                    + "'"))
        .isEqualTo("0");
  }

  @Test
  void a_state_from_before_its_entity_was_declared_anew_is_armed_no_more() {
    bill("b1", TOMORROW);
    postgres.execute(
        """
        insert into custom_entity (organization_id, name, family, date_fields, declared, version,
          dt_created, dt_last_modified, created_by, last_modified_by)
        values ('%s', 'Bill', 'crm', '{end}', false, 1, now() + interval '1 hour', now(), 't', 't')\
        """
            .formatted(acme));

    sweepAll(10);

    assertThat(rows()).isEmpty();
    assertThat(progress()).isEqualTo("1 0 0 t");
  }

  @Test
  void organizations_take_turns() {
    OrganizationId first = acme;
    bill("b1", TOMORROW);
    bill("b2", TOMORROW);
    bill("b3", TOMORROW);
    String firstRows = rows();
    ArmingSweep sweep = new ArmingSweep(new ArmingSweep.Limits(1, 1), store(), () -> now, meters);
    an_organization_beside(first);

    sweep.runOnce();
    sweep.runOnce();
    assertThat(firstRows).isEmpty();
    assertThat(
            postgres.value(
                "select string_agg(scanned::text, ' ' order by organization_id)"
                    + " from scheduled_arming where dt_completed is null"))
        .isEqualTo("1 1");
  }

  @Test
  void organizations_whose_walks_are_taken_do_not_count() {
    an_organization_beside(acme);
    List<Arming> first = store().claim(null, 1);
    List<Arming> second = store().claim(null, 1);

    assertThat(first).hasSize(1);
    assertThat(second).hasSize(1).doesNotContainAnyElementsOf(first);
    assertThat(store().claim(null, 1)).isEmpty();
  }

  @Test
  void no_walk_of_an_erased_organization_is_taken_or_in_the_way() {
    an_organization_beside(acme);
    postgres.execute("insert into organization_erasure values ('%s', now())".formatted(acme));

    assertThat(store().claim(null, 1))
        .singleElement()
        .satisfies(walk -> assertThat(walk.organization()).isNotEqualTo(acme));
    assertThat(store().claim(null, 1)).isEmpty();
  }

  private void an_organization_beside(OrganizationId first) {
    OrganizationId other = StoreSamples.organization(postgres);
    UUID id = StoreSamples.id();
    assertThat(other).isNotEqualTo(first);
    postgres.execute(
        """
        insert into scheduled_event_configuration (organization_id, id, name, entity, field,
          offset_days, version, dt_created, dt_last_modified, created_by, last_modified_by)
        values ('%1$s', '%2$s', 'scheduled.bill.end', 'Bill', 'end', 0, 1, now(), now(), 't', 't');
        insert into scheduled_arming (organization_id, configuration_id, arming, dt_started)
        values ('%1$s', '%2$s', 1, now());
        insert into entity_state
        select '%1$s', 'Bill', 'x' || n, '%2$s', now(), '{"end":"2026-12-01"}'
        from generate_series(1, 3) as n\
        """
            .formatted(other, id));
  }
}
