package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.api.Events.Filter;
import dev.tocsin.api.Events.Period;
import dev.tocsin.api.Viewer;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.rule.RuleId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lists with any filters, against a plain list that is filtered. */
class EventListsPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final Instant FIRST = Instant.parse("2026-11-22T20:00:00Z");
  private static final List<String> NAMES =
      List.of("configuration.plan.created", "configuration.plan.updated", "billing.bill.created");
  private static final Pattern BUFFERS = Pattern.compile("Buffers: shared hit=(\\d+)");

  private Database pool;
  private OrganizationId acme;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    pool = postgres.open("events", PgEvents.SESSION);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  /** An event of the plain list. */
  private record Row(
      UUID id,
      String name,
      String type,
      @Nullable String resource,
      @Nullable String account,
      boolean actioned,
      @Nullable RuleId fired) {}

  @Test
  void any_filters_find_what_a_plain_list_has() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<RuleId> rules = List.of(new RuleId(StoreSamples.id()), new RuleId(StoreSamples.id()));
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      rows.add(row(random, rules));
    }
    OrganizationId other = StoreSamples.organization(postgres);
    insert(acme, rows);
    insert(other, rows.subList(0, 100));
    rows.sort(Comparator.comparing(Row::id, EventListsPgTest::compare).reversed());
    for (int round = 0; round < 150; round++) {
      PgEvents events = new PgEvents(pool, StoreSamples.EVERYTHING, random.nextInt(30));
      Filter filter = filter(random, rules);
      int size = 1 + random.nextInt(20);
      List<UUID> listed =
          StoreSamples.pages(
                  size,
                  page -> events.list(new Viewer(acme, HiddenEvents.NONE), filter, page),
                  (StoredEvent event) -> event.id().value())
              .stream()
              .flatMap(List::stream)
              .map(event -> event.id().value())
              .toList();

      assertThat(listed)
          .as("seed %d, round %d, %s, pages of %d", seed, round, filter, size)
          .isEqualTo(rows.stream().filter(row -> passes(row, filter)).map(Row::id).toList());
    }
  }

  @Test
  void what_is_rare_is_found_without_reading_the_rest() throws SQLException {
    insertMany(20_000);
    Row rare =
        new Row(id(FIRST, 1), NAMES.getFirst(), "ConfigurationEvent", "rare", "rare", false, null);
    insert(acme, List.of(rare));
    assertThat(new PgEventIndex(pool, new SimpleMeterRegistry()).merge()).isPositive();
    postgres.execute("analyze event");

    for (int kind : new int[] {1, 2}) {
      assertThat(buffersOf(kind, "rare", kind, "rare", 1))
          .as("pages of kind %d", kind)
          .isLessThan(200);
    }
    assertThat(pages()).isGreaterThan(2_000);
  }

  @Test
  void of_what_is_often_only_events_are_read_that_have_both() throws SQLException {
    insertMany(20_000);
    RuleId rule = new RuleId(StoreSamples.id());
    postgres.execute(
        ("update event set fired = array['%s']::uuid[] where organization_id = '%s'"
                + " and right(id::text, 12)::bigint %% 20 = 0")
            .formatted(rule.value(), acme));
    new PgEventIndex(pool, new SimpleMeterRegistry()).merge();
    postgres.execute("vacuum analyze event");

    assertThat(buffersOf(2, "a-7", 2, "a-7", 101)).as("an account's").isGreaterThan(120);
    assertThat(buffersOf(3, rule.value().toString(), 4, NAMES.get(1), 101))
        .as("a rule's")
        .isGreaterThan(120);
    assertThat(buffersOf(2, "a-7", 3, rule.value().toString(), 0))
        .as("the account's on which the rule fired, which are none")
        .isLessThan(60);
  }

  /** How many pages are looked at for the events that have two values, of which there are some. */
  private long buffersOf(int one, String value, int other, String otherValue, int found)
      throws SQLException {
    Stretches stretches =
        Stretches.between(
            id(FIRST, 0), EventId.floor(FIRST.plus(Duration.ofDays(2))).value(), true);
    String call =
        ("select id from event_page_by_keys(%d, '%s', %d, '%s', '%s', %s, %s, 101,"
                + " null, null, null, null, null, true, null)")
            .formatted(
                one,
                value,
                other,
                otherValue,
                acme,
                array(stretches.floors()),
                array(stretches.ceilings()));
    try (Connection connection = postgres.connect();
        Statement session = connection.createStatement()) {
      session.execute(call); // What it takes to make the plan does not count.
      try (ResultSet plan = session.executeQuery("explain (analyze, buffers) " + call)) {
        assertThat(plan.next()).isTrue();
        assertThat(plan.getString(1)).containsPattern("rows=" + found + "(\\.00)? ");
        while (plan.next()) {
          Matcher buffers = BUFFERS.matcher(plan.getString(1));
          if (buffers.find()) {
            return Long.parseLong(buffers.group(1));
          }
        }
      }
    }
    throw new AssertionError("the plan tells of no pages");
  }

  private long pages() throws SQLException {
    try (Connection connection = postgres.connect();
        Statement session = connection.createStatement();
        ResultSet size =
            session.executeQuery(
                "select pg_relation_size('event_20261123') / 8192"
                    + " + pg_relation_size('event_20261124') / 8192")) {
      assertThat(size.next()).isTrue();
      return size.getLong(1);
    }
  }

  private static String array(List<UUID> ids) {
    return "'{" + String.join(",", ids.stream().map(UUID::toString).toList()) + "}'::uuid[]";
  }

  private static Row row(Random random, List<RuleId> rules) {
    String name = NAMES.get(random.nextInt(10) < 8 ? 0 : random.nextInt(NAMES.size()));
    return new Row(
        id(FIRST.plusSeconds(random.nextInt(60 * 60 * 48)), random.nextLong()),
        name,
        name.startsWith("billing") ? "BillingEvent" : "ConfigurationEvent",
        random.nextInt(10) == 0 ? null : "r-" + random.nextInt(20),
        random.nextInt(5) == 0 ? null : "a-" + random.nextInt(5),
        random.nextInt(4) == 0,
        random.nextInt(5) == 0 ? rules.get(random.nextInt(rules.size())) : null);
  }

  private static Filter filter(Random random, List<RuleId> rules) {
    Instant from = FIRST.plusSeconds(random.nextInt(60 * 60 * 24));
    return new Filter(
        List.of(),
        sometimes(random, 3, one -> NAMES.get(one.nextInt(NAMES.size()))),
        sometimes(random, 3, one -> one.nextBoolean() ? "BillingEvent" : "ConfigurationEvent"),
        sometimes(random, 3, one -> "a-" + one.nextInt(6)),
        sometimes(random, 4, one -> "r-" + one.nextInt(21)),
        sometimes(random, 5, one -> rules.get(one.nextInt(rules.size()))),
        null,
        random.nextInt(3) > 0,
        new Period(
            sometimes(random, 3, one -> from),
            sometimes(random, 3, one -> from.plusSeconds(one.nextInt(60 * 60 * 24)))));
  }

  private static <T> @Nullable T sometimes(Random random, int oneIn, Function<Random, T> made) {
    return random.nextInt(oneIn) == 0 ? made.apply(random) : null;
  }

  private static boolean passes(Row row, Filter filter) {
    Instant created = new EventId(row.id).created();
    Instant from = filter.created().from();
    Instant to = filter.created().to();
    return (filter.eventName() == null || filter.eventName().equals(row.name))
        && (filter.eventType() == null || filter.eventType().equals(row.type))
        && (filter.accountId() == null || filter.accountId().equals(row.account))
        && (filter.resourceId() == null || filter.resourceId().equals(row.resource))
        && (filter.notificationId() == null || filter.notificationId().equals(row.fired))
        && (filter.includeActioned() || !row.actioned)
        && (from == null || !created.isBefore(from))
        && (to == null || created.isBefore(to));
  }

  private static void insert(OrganizationId organization, List<Row> rows) {
    postgres.execute(
        rows.stream().map(row -> insertion(organization, row)).collect(Collectors.joining(";")));
  }

  private static String insertion(OrganizationId organization, Row row) {
    return "insert into event (organization_id, id, event_name, event_type, event_time, resource_id,"
        + " account_id, new, dt_actioned, fired) values"
        + " ('%s', '%s', '%s', '%s', now(), %s, %s, '{}', %s, %s)"
            .formatted(
                organization,
                row.id,
                row.name,
                row.type,
                quoted(row.resource),
                quoted(row.account),
                row.actioned ? "now()" : "null",
                row.fired == null ? "null" : "array['" + row.fired.value() + "']::uuid[]");
  }

  /** Events over a day that no filter of the test above lets through. */
  private void insertMany(int count) {
    postgres.execute(
        ("insert into event (organization_id, id, event_name, event_type, event_time, resource_id,"
                + " account_id, new) select '%s', (substr(id_floor('%s'::timestamptz"
                + " + n * interval '4 s')::text, 1, 13) || '-7000-8000-' || lpad(n::text, 12, '0'))::uuid,"
                + " '%s', 'ConfigurationEvent', now(), 'r-' || n %% 500, 'a-' || n %% 50,"
                + " to_json(repeat('x', 800)) from generate_series(1, %d) n")
            .formatted(acme, FIRST, NAMES.get(1), count));
  }

  private static String quoted(@Nullable String text) {
    return text == null ? "null" : "'" + text + "'";
  }

  private static UUID id(Instant created, long noise) {
    return new UUID(created.toEpochMilli() << 16 | 0x7000, Long.MIN_VALUE | noise >>> 2);
  }

  /** As PostgreSQL orders them. */
  private static int compare(UUID one, UUID other) {
    int order = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
    return order != 0
        ? order
        : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
  }
}
