package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.api.Page;
import dev.tocsin.api.ScheduledDues.Appointment;
import dev.tocsin.api.ScheduledDues.Filter;
import dev.tocsin.api.ScheduledDues.Position;
import dev.tocsin.api.ScheduledDues.Status;
import dev.tocsin.api.Viewer;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.OrganizationId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgScheduledDuesPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final Pattern SCAN =
      Pattern.compile("Scan .* on scheduled_due\\b.*actual rows=([0-9.]+) loops=(\\d+)");
  private static final Pattern REMOVED = Pattern.compile("Rows Removed by [\\w ]+: ([0-9.]+)");

  private static final int TOGETHER = 100;

  private static final Filter ALL = new Filter(null, null, null, null, false);

  private final UUID bills = StoreSamples.id();
  private final UUID plans = StoreSamples.id();
  private OrganizationId acme;
  private PgScheduledDues dues;

  @BeforeEach
  void an_organization_with_two_configurations() {
    acme = StoreSamples.organization(postgres);
    dues = new PgScheduledDues(postgres.database(), () -> Samples.NOW);
    postgres.execute(
        "update organization set time_zone = 'Europe/Paris' where id = '" + acme + "'");
    configuration(bills, "Bill");
    configuration(plans, "Plan");
  }

  private void configuration(UUID id, String entity) {
    postgres.execute(
        """
        insert into scheduled_event_configuration (organization_id, id, name, entity, field,
          offset_days, arming, version, dt_created, dt_last_modified, created_by, last_modified_by)
        values ('%1$s', '%2$s', 'scheduled.%4$s.end', '%3$s', 'end', 0, 2, 1, now(), now(), 't', 't');
        insert into scheduled_arming (organization_id, configuration_id, arming, scanned, armed,
          skipped, dt_started)
        values ('%1$s', '%2$s', 2, 9, 5, 1, '2026-11-23T07:00:00Z')\
        """
            .formatted(acme, id, entity, entity.toLowerCase(Locale.ROOT)));
  }

  private void row(
      UUID configuration, String id, String due, int arming, @Nullable String outcome) {
    postgres.execute(
        """
        insert into scheduled_due (organization_id, configuration_id, entity_id, due_at, arming,
          value, dt_armed, outcome, dt_ended)
        values ('%s', '%s', '%s', '%s', %d, '%4$s', '2026-11-01T00:00:00Z', %s)\
        """
            .formatted(
                acme,
                configuration,
                id,
                due,
                arming,
                outcome == null ? "null, null" : "'" + outcome + "', '2026-11-22T01:00:00Z'"));
  }

  private void state(String entity, String id, String state) {
    postgres.execute(
        "insert into entity_state values ('%s', '%s', '%s', '%s', now(), '%s')"
            .formatted(acme, entity, id, StoreSamples.id(), state));
  }

  private List<String> listed(Filter filter, String... hidden) {
    Viewer viewer = new Viewer(acme, new HiddenEvents(Set.of(hidden)));
    List<String> ids = new ArrayList<>();
    Position after = null;
    boolean more = true;
    while (more) {
      Page<Appointment> page = dues.list(viewer, filter, after, 2);
      assertThat(page.items().size()).isLessThanOrEqualTo(2);
      assertThat(page.items().size() == 2 || !page.hasMore()).isTrue();
      page.items().forEach(item -> ids.add(item.position().entityId()));
      more = page.hasMore();
      after = more ? page.items().getLast().position() : null;
    }
    return ids;
  }

  @Test
  void what_waits_is_listed_in_the_order_of_time_and_earlier_armings_are_not() {
    row(bills, "b1", "2026-11-24T00:00:00Z", 2, null);
    row(bills, "b2", "2026-11-23T00:00:00Z", 2, null);
    row(plans, "p1", "2026-11-23T00:00:00Z", 2, null);
    row(bills, "b3", "2026-11-25T00:00:00Z", 1, null);
    row(bills, "b4", "2026-11-25T00:00:00Z", 2, "FIRED");
    row(plans, "p2", "2026-11-26T00:00:00Z", 2, null);

    assertThat(listed(ALL)).containsExactly("b2", "p1", "b1", "p2");
    assertThat(listed(new Filter(plans, null, null, null, false))).containsExactly("p1", "p2");
    assertThat(
            listed(
                new Filter(
                    null,
                    null,
                    Instant.parse("2026-11-24T00:00:00Z"),
                    Instant.parse("2026-11-26T00:00:00Z"),
                    false)))
        .containsExactly("b1");
    assertThat(
            listed(
                new Filter(
                    null,
                    null,
                    Instant.parse("-1000000-01-01T00:00:00Z"),
                    Instant.parse("+1000000-01-01T00:00:00Z"),
                    false)))
        .hasSize(4);
    Appointment first =
        dues.list(new Viewer(acme, HiddenEvents.NONE), ALL, null, 1).items().getFirst();
    assertThat(first.zone()).isEqualTo(ZoneId.of("Europe/Paris"));
    assertThat(first.why().name().value()).isEqualTo("scheduled.bill.end");
    OrganizationId bolt = StoreSamples.organization(postgres);
    assertThat(dues.list(new Viewer(bolt, HiddenEvents.NONE), ALL, null, 1).items()).isEmpty();
  }

  @Test
  void of_one_entity_what_ended_is_listed_too() {
    row(bills, "b1", "2026-11-20T00:00:00Z", 2, "FIRED");
    row(bills, "b1", "2026-11-21T00:00:00Z", 2, "SKIPPED");
    row(bills, "b1", "2026-11-24T00:00:00Z", 2, null);
    row(plans, "b1", "2026-11-23T00:00:00Z", 2, null);
    row(bills, "b2", "2026-11-23T00:00:00Z", 2, null);

    assertThat(listed(new Filter(null, "b1", null, null, false))).hasSize(2);
    assertThat(listed(new Filter(null, "b1", null, null, true))).hasSize(4);
    assertThat(listed(new Filter(bills, "b1", null, null, true))).hasSize(3);
  }

  @Test
  void pages_are_full_of_what_the_viewer_may_know_of() {
    for (int i = 1; i <= 6; i++) {
      row(bills, "b" + i, "2026-11-2" + i + "T00:00:00Z", 2, null);
      state("Bill", "b" + i, "{\"accountId\":\"a" + (i % 2) + "\"}");
    }
    row(plans, "p1", "2026-11-22T00:00:00Z", 2, null);

    assertThat(listed(ALL, "bill/b2")).containsExactly("b1", "p1", "b3", "b4", "b5", "b6");
    assertThat(listed(ALL, "account/a1")).containsExactly("b2", "p1", "b4", "b6");
    assertThat(listed(ALL, "bill")).containsExactly("p1");
    assertThat(listed(ALL, "scheduledeventconfiguration/" + bills)).containsExactly("p1");
    assertThat(listed(ALL, "*")).isEmpty();
    assertThat(listed(new Filter(null, "b1", null, null, true), "account/a1")).isEmpty();
  }

  /** However many are due at the same time, wait for longer, are of earlier armings, or ended. */
  @Test
  void a_page_is_read_by_its_own_rows_whatever_it_is_filtered_by() throws SQLException {
    many(bills, "b");
    many(plans, "p");
    String midst =
        "'2027-01-01T00:00:00Z', '%s', '2026-11-01T00:00:15Z', 'b01430'".formatted(bills);
    String begin = "'-infinity', '%s', '-infinity', ''".formatted(new UUID(0, 0));
    String none = "null, null, null, 101";
    String ofBills = "null, '" + bills + "', null, 101";

    for (String from : List.of(begin, midst)) {
      for (String rest : List.of(none, ofBills)) {
        // Of two configurations; and of each what was armed together with the first and the last.
        assertThat(read("scheduledDueList", from + ", " + rest))
            .isBetween(101, 2 * (101 + 2 * TOGETHER));
        // All four that the entity has of either configuration, on average over both.
        assertThat(read("scheduledDueListOfEntity", from + ", " + rest + ", 'b01431', false"))
            .isBetween(1, 6);
        assertThat(read("scheduledDueListOfEntity", from + ", " + rest + ", 'b01431', true"))
            .isBetween(1, 6);
      }
    }
    String before = begin + ", '2026-12-31T00:00:00Z', null, null, 101";
    assertThat(read("scheduledDueList", before)).isZero();
    assertThat(read("scheduledDueStatus", "'" + bills + "', now(), 100"))
        .isLessThanOrEqualTo(4 * 100 + 2);
    assertThat(listed(new Filter(bills, null, null, null, false)))
        .hasSize(3_000)
        .doesNotHaveDuplicates()
        .startsWith("b02901", "b02902")
        .endsWith("b00099", "b00100");
  }

  /**
   * Three thousand each that wait for one moment, are of an earlier arming, fired and were skipped.
   * A hundred were armed together, and those with the next lower ids a second later.
   */
  private void many(UUID configuration, String prefix) {
    postgres.execute(
        """
        insert into scheduled_due (organization_id, configuration_id, entity_id, due_at, arming, value,
          dt_armed, outcome, dt_ended)
        select '%s', '%s', '%s' || lpad(n::text, 5, '0'), kind.due_at, kind.arming, 'x',
          '2026-11-01T00:00:00Z'::timestamptz + (3000 - n) / %d * interval '1 second',
          kind.outcome, case when kind.outcome is not null then now() end
        from generate_series(1, 3000) as n, (values
          ('2027-01-01T00:00:00Z'::timestamptz, 2, null), ('2026-12-01T00:00:00Z', 1, null),
          ('2026-11-01T00:00:00Z', 2, 'FIRED'), ('2026-10-01T00:00:00Z', 2, 'SKIPPED'))
          as kind (due_at, arming, outcome)\
        """
            .formatted(acme, configuration, prefix, TOGETHER));
  }

  /** How many rows of appointments a statement comes by, those included that it leaves out. */
  private int read(String statement, String parameters) throws SQLException {
    double rows = 0;
    try (Connection connection = postgres.connect();
        Statement session = connection.createStatement()) {
      for (Map.Entry<String, String> setting : PgEvents.SESSION.entrySet()) {
        session.execute("set " + setting.getKey() + " = " + setting.getValue());
      }
      session.execute("prepare due as " + Statements.load().sql(statement));
      try (ResultSet lines =
          session.executeQuery(
              "explain (analyze, costs off, timing off) execute due ('%s', %s)"
                  .formatted(acme, parameters))) {
        double loops = 0;
        while (lines.next()) {
          String line = lines.getString(1);
          Matcher scan = SCAN.matcher(line);
          if (line.contains("->")) {
            loops = 0;
          }
          if (scan.find()) {
            loops = Double.parseDouble(scan.group(2));
            rows += Double.parseDouble(scan.group(1)) * loops;
          }
          Matcher removed = REMOVED.matcher(line);
          if (removed.find()) {
            rows += Double.parseDouble(removed.group(1)) * loops;
          }
        }
      }
    }
    return (int) Math.ceil(rows);
  }

  @Test
  void a_status_counts_what_there_is() {
    row(bills, "b1", "2026-11-20T00:00:00Z", 2, "FIRED");
    row(bills, "b2", "2026-11-21T00:00:00Z", 2, "SKIPPED");
    row(bills, "b3", "2026-11-23T00:00:00Z", 2, null);
    row(bills, "b4", "2026-11-25T00:00:00Z", 2, null);
    row(bills, "b5", "2026-11-22T00:00:00Z", 1, null);

    assertThat(dues.status(acme, bills))
        .contains(
            new Status(
                9,
                5,
                1,
                Instant.parse("2026-11-23T07:00:00Z"),
                null,
                2,
                1,
                1,
                1,
                Instant.parse("2026-11-23T00:00:00Z"),
                Instant.parse("2026-11-22T01:00:00Z")));
    assertThat(dues.status(acme, StoreSamples.id())).isEmpty();
    assertThat(dues.status(StoreSamples.organization(postgres), bills)).isEmpty();
  }
}
