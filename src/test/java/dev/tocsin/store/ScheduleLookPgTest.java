package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.OrganizationId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What looking for what is due costs, beside ten thousand organizations with appointments. */
class ScheduleLookPgTest {
  private static final int ORGANIZATIONS = 10_000;
  private static final Pattern PAGES =
      Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  @BeforeAll
  static void arm() {
    postgres.execute(
        """
        insert into scheduled_due (organization_id, configuration_id, entity_id, due_at, arming,
          value, dt_armed)
        select gen_random_uuid(), gen_random_uuid(), 'b1', now() + n * interval '1 minute', 1, '-',
          now()
        from generate_series(1, %d) n;
        """
            .formatted(ORGANIZATIONS));
  }

  @BeforeEach
  void analyze() {
    postgres.execute("delete from scheduled_due where due_at <= now()");
    postgres.execute("delete from entity_state");
    postgres.execute("vacuum analyze scheduled_due");
  }

  /** Stepping over all organizations would read three pages of each. */
  @Test
  void a_look_that_finds_nothing_reads_a_few_pages() throws SQLException {
    assertThat(pages(soon())).isLessThan(20);
    assertThat(pages(next())).isLessThan(20);
  }

  @Test
  void a_look_reads_as_many_pages_as_there_are_organizations_with_something_due()
      throws SQLException {
    for (int organization = 1; organization <= 20; organization++) {
      due(organization, 2);
    }

    assertThat(pages(soon())).isLessThan(20);
    List<String> plan = claim(20);
    assertThat(taken(plan)).isEqualTo(40);
    assertThat(pages(plan)).isLessThan(40 * 50);
  }

  /** Once for each configuration, every few minutes. */
  @Test
  void a_configuration_is_asked_what_it_has_by_a_few_pages_however_much_that_is()
      throws SQLException {
    due(1, 3_000);
    postgres.execute(
        """
        insert into scheduled_due (organization_id, configuration_id, entity_id, due_at, arming,
          value, dt_armed)
        select organization_id, configuration_id, entity_id, due_at + interval '90 days', 1, '-', now()
        from scheduled_due where due_at <= now();
        """);
    postgres.execute("vacuum analyze scheduled_due");

    List<String> plan = plans("scheduledDueAgenda", keys(1) + ", now()", 2).getLast();
    assertThat(pages(plan)).isLessThan(20);
  }

  /** What is due longest is read first, and nothing after what is taken. */
  @Test
  void a_look_reads_no_more_of_an_organization_than_it_takes() throws SQLException {
    due(1, 900);
    postgres.execute("vacuum analyze scheduled_due");
    postgres.execute("vacuum analyze entity_state");

    List<String> plan = plan("scheduledDueClaim", claiming(1, 10, 1_000_000));
    assertThat(taken(plan)).isEqualTo(10);
    assertThat(pages(plan)).isLessThan(10 * 50);
  }

  @Test
  void configurations_are_read_a_page_at_a_time_whosever_they_are() throws SQLException {
    postgres.execute(
        """
        with many as (
          insert into organization (id, name, time_zone, dt_created)
          select ('00000000-0000-0001-0000-' || lpad(n::text, 12, '0'))::uuid, 'many', 'UTC', now()
          from generate_series(1, 10000) n
          returning id)
        insert into scheduled_event_configuration (organization_id, id, name, entity, field,
          offset_days, version, dt_created, dt_last_modified, created_by, last_modified_by)
        select id, id, 'scheduled.bill.e', 'Bill', 'endDate', 0, 1, now(), now(), '-', '-' from many;
        """);
    postgres.execute("vacuum analyze scheduled_event_configuration");
    String after = "'00000000-0000-0001-0000-000000005000'";

    List<String> plan = plan("scheduledDueConfigurations", after + ", " + after + ", 100");
    assertThat(plan).anyMatch(line -> line.matches(".*Scan using .*actual rows=100(\\.00)? .*"));
    assertThat(pages(plan)).isLessThan(20);
  }

  @Test
  void so_much_of_what_is_soon_due_is_read_and_no_more() throws SQLException {
    due(1, 3_000);
    postgres.execute("vacuum analyze scheduled_due");

    assertThat(soon())
        .anyMatch(line ->
            line.matches(".*Index.* Scan using scheduled_due_soon .*actual rows=1000(\\.00)? .*"));
    assertThat(pages(next())).isLessThan(20);
  }

  @Test
  void what_is_leased_is_not_taken() throws SQLException {
    due(1, 30);
    postgres.execute("update scheduled_due set leased_until = 'infinity' where due_at <= now()");

    assertThat(taken(claim(1))).isZero();
  }

  /** They wait for whoever walks through the states to replace or remove them. */
  @Test
  void what_is_due_of_an_earlier_arming_is_not_walked_through() throws SQLException {
    due(1, 3_000);
    postgres.execute("update scheduled_due set arming = 0 where due_at <= now()");
    due(2, 1);
    postgres.execute("vacuum analyze scheduled_due");

    List<String> plan = plan("scheduledDueClaim", claiming(2, 10, 1_000_000));
    assertThat(taken(plan)).isEqualTo(1);
    assertThat(plan.stream().filter(line -> line.contains("Scan using scheduled_due_waiting")))
        .isNotEmpty()
        .allMatch(line -> line.matches(".*\\((never executed|actual rows=[01][. ].*)\\).*"));
    assertThat(plan.stream().filter(line -> line.contains("Rows Removed")))
        .allMatch(line -> line.endsWith(": 1"));
  }

  /** A state of 200 KB lies in a hundred pieces elsewhere. */
  @Test
  void states_that_are_too_large_together_are_not_read() throws SQLException {
    due(1, 20);
    postgres.execute(
        """
        update entity_state set state = (
          select json_build_object('x', string_agg(md5(entity_id || n), ''))
          from generate_series(1, 6400) n);
        """);
    postgres.execute("vacuum analyze entity_state");

    List<String> plan = plan("scheduledDueClaim", claiming(1, 1_000, 1));
    assertThat(taken(plan)).isEqualTo(1);
    assertThat(pages(plan)).isLessThan(400);
  }

  @Test
  void what_is_soon_due_and_what_a_configuration_has_are_each_found_by_their_index()
      throws SQLException {
    due(1, 3);

    assertThat(scans(soon())).singleElement().asString().contains("scheduled_due_soon");
    assertThat(scans(next())).singleElement().asString().contains("scheduled_due_soon");
    List<String> scans = scans(claim(1));
    assertThat(scans).hasSize(4);
    assertThat(scans.subList(0, 3)).allMatch(line -> line.contains("scheduled_due_waiting"));
    assertThat(scans.getLast()).contains("scheduled_due_pkey");
  }

  /** A plan that had its rows come in the order of their locks read all that there are. */
  @Test
  void what_is_noted_or_given_back_is_found_by_its_key() throws SQLException {
    due(1, 3_000);
    postgres.execute("vacuum analyze scheduled_due");
    String due =
        postgres.value("select min(due_at)::text from scheduled_due where entity_id = 'b3'");
    String keys = keys(1) + ", array['b3'], array['" + due + "'::timestamptz], ";

    assertThat(pages(plan("scheduledDueGiveBack", keys + "now()"))).isLessThan(30);
    assertThat(pages(plan("scheduledDueFired", keys + "array[now()]"))).isLessThan(30);
  }

  private static List<String> scans(List<String> plan) {
    return plan.stream().filter(line -> line.contains("Scan using scheduled_due_")).toList();
  }

  private static void due(int organization, int count) {
    OrganizationId id = new OrganizationId(new UUID(0, organization));
    if (postgres.texts("select id from organization where id = '" + id + "'").isEmpty()) {
      postgres.createOrganization(id.toString());
    }
    postgres.execute(
        """
        insert into scheduled_event_configuration (organization_id, id, name, entity, field,
          offset_days, version, dt_created, dt_last_modified, created_by, last_modified_by)
        values ('%1$s', '%1$s', 'scheduled.bill.e', 'Bill', 'endDate', 0, 1, now(), now(), '-', '-')
        on conflict do nothing;
        insert into entity_state
        select '%1$s', 'Bill', 'b' || n, gen_random_uuid(), now(), '{}' from generate_series(1, %2$d) n
        on conflict do nothing;
        insert into scheduled_due (organization_id, configuration_id, entity_id, due_at, arming,
          value, dt_armed)
        select '%1$s', '%1$s', 'b' || n, now() - n * interval '1 second', 1, '-', now()
        from generate_series(1, %2$d) n;
        """
            .formatted(id, count));
  }

  private static List<String> claim(int organizations) throws SQLException {
    return plan("scheduledDueClaim", claiming(organizations, 1_000, 1_000_000));
  }

  private static String claiming(int organizations, int each, int bytes) {
    return keys(organizations)
        + ", 100, "
        + each
        + ", "
        + bytes
        + ", now(), now() + interval '1 minute'";
  }

  /** Of the first organizations, the configuration of each. */
  private static String keys(int organizations) {
    String ids =
        IntStream.rangeClosed(1, organizations)
            .mapToObj(organization -> "'" + new UUID(0, organization) + "'")
            .collect(Collectors.joining(", ", "array[", "]::uuid[]"));
    return ids + ", " + ids;
  }

  private static List<String> soon() throws SQLException {
    return plan("scheduledDueSoon", "now(), 1000");
  }

  private static List<String> next() throws SQLException {
    return plan("scheduledDueSoonNext", "now()");
  }

  /** The plan that serves any parameters and what it came to, a line each. */
  private static List<String> plan(String statement, String parameters) throws SQLException {
    return plans(statement, parameters, 1).getFirst();
  }

  /** The same, so many times in one session: a function makes its own plans when first called. */
  private static List<List<String>> plans(String statement, String parameters, int times)
      throws SQLException {
    List<List<String>> plans = new ArrayList<>();
    try (Connection connection = postgres.connect();
        Statement session = connection.createStatement()) {
      for (Map.Entry<String, String> setting : PgScheduleStore.SESSION.entrySet()) {
        session.execute("set " + setting.getKey() + " = " + setting.getValue());
      }
      session.execute("prepare look as " + Statements.load().sql(statement));
      for (int time = 0; time < times; time++) {
        List<String> plan = new ArrayList<>();
        try (ResultSet lines =
            session.executeQuery(
                "explain (analyze, costs off, timing off, buffers) execute look ("
                    + parameters
                    + ")")) {
          while (lines.next()) {
            plan.add(lines.getString(1));
          }
        }
        plans.add(plan);
      }
    }
    return plans;
  }

  /** All pages that it read or found in memory. */
  private static long pages(List<String> plan) {
    Matcher pages =
        plan.stream().map(PAGES::matcher).filter(Matcher::find).findFirst().orElseThrow();
    return Long.parseLong(pages.group(1))
        + (pages.group(2) == null ? 0 : Long.parseLong(pages.group(2)));
  }

  private static long taken(List<String> plan) {
    String update =
        plan.stream()
            .filter(line -> line.contains("Update on scheduled_due"))
            .findFirst()
            .orElseThrow();
    Matcher rows = Pattern.compile("rows=(\\d+)").matcher(update);
    if (!rows.find()) {
      throw new IllegalStateException(update);
    }
    return Long.parseLong(rows.group(1));
  }
}
