package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.api.Events;
import dev.tocsin.api.Events.Filter;
import dev.tocsin.api.Events.Period;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Viewer;
import dev.tocsin.evaluate.Judged;
import dev.tocsin.evaluate.Judged.Firing;
import dev.tocsin.evaluate.Rule;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.evaluate.Verdict;
import dev.tocsin.event.Category;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.event.Transition;
import dev.tocsin.rule.RuleId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgEventsPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final EventName CREATED = new EventName("configuration.account.created");
  private static final Instant DAY_1 = Instant.parse("2026-11-22T23:59:59.999Z");
  private static final Instant DAY_2 = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant DAY_3 = Instant.parse("2026-11-24T00:00:00Z");
  private static final String RAW =
      "{ \"b\":1.10, \"a\" : [1e3,\"\\u00fc\"],\"long\":123456789012345678901234567890}";

  /** A scan of a plan that found something in a partition. */
  private static final Pattern SCAN =
      Pattern.compile(" on (\\w+_\\d{8}) .*actual rows=(?!0(\\.00)? )\\d");

  private final AtomicLong counter = new AtomicLong();
  private Database pool;
  private OrganizationId acme;
  private OrganizationId bolt;
  private Events events;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    bolt = StoreSamples.organization(postgres);
    pool = postgres.open("events", PgEvents.SESSION);
    events = new PgEvents(pool, StoreSamples.EVERYTHING);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void an_event_is_found_exactly_as_it_was_received() {
    IncomingEvent incoming =
        new IncomingEvent(
            null,
            CREATED,
            Category.CONFIGURATION,
            Instant.parse("2026-03-29T01:30:00.123456Z"),
            IncomingEvent.Timing.SENT,
            new EntityRef("Account", "a-1"),
            Transition.UPDATED,
            "a-1",
            Samples.payload(RAW),
            Samples.payload("{\"x\":null}"));
    EventId id = store(acme, DAY_2, incoming);

    assertThat(events.find(sees(acme), id))
        .contains(
            new StoredEvent(
                acme,
                id,
                CREATED,
                Category.CONFIGURATION,
                incoming.time(),
                "a-1",
                "a-1",
                RAW,
                "{\"x\":null}",
                null));
    assertThat(events.find(sees(bolt), id)).isEmpty();
    assertThat(events.find(sees(acme), new EventId(StoreSamples.id()))).isEmpty();
  }

  @Test
  void pages_go_from_the_newest_to_the_oldest_over_days_without_gap_or_repeat() {
    List<EventId> ids = new ArrayList<>();
    for (Instant day : List.of(DAY_1, DAY_2, DAY_3)) {
      ids.add(store(acme, day));
      ids.add(store(acme, day));
      store(bolt, day);
    }

    assertThat(listed(acme, 4, all()))
        .containsExactly(ids.subList(2, 6).reversed(), ids.subList(0, 2).reversed());
    assertThat(listed(acme, 6, all())).containsExactly(ids.reversed());
    assertThat(listed(acme, 1, all())).hasSize(6);
  }

  @Test
  void an_event_that_arrives_between_two_pages_neither_repeats_nor_hides_another() {
    List<EventId> ids = List.of(store(acme, DAY_1), store(acme, DAY_2), store(acme, DAY_3));
    List<EventId> seen = new ArrayList<>();
    StoreSamples.pages(
            1,
            page -> {
              store(acme, DAY_3);
              return events.list(sees(acme), all(), page);
            },
            (StoredEvent event) -> event.id().value())
        .forEach(page -> page.forEach(event -> seen.add(event.id())));

    assertThat(seen).doesNotHaveDuplicates().containsSubsequence(ids.reversed());
  }

  @Test
  void every_filter_must_hold() {
    EventId updated = store(acme, DAY_1, Samples.update(null, "c1", 1));
    EventId other = store(acme, DAY_2, Samples.update(null, "c2", 1));
    EventId created = store(acme, DAY_3, created("a1"));

    assertThat(
            only(
                new Filter(
                    List.of(), CREATED.value(), null, null, null, null, null, true, Period.ALWAYS)))
        .containsExactly(created);
    assertThat(
            only(
                new Filter(
                    List.of(), null, "CustomEvent", null, null, null, null, true, Period.ALWAYS)))
        .containsExactly(created);
    assertThat(
            only(
                new Filter(
                    List.of(), null, null, "account-1", null, null, null, true, Period.ALWAYS)))
        .containsExactly(other, updated);
    assertThat(only(new Filter(List.of(), null, null, null, "c2", null, null, true, Period.ALWAYS)))
        .containsExactly(other);
    assertThat(
            only(
                new Filter(
                    List.of(), null, null, "account-1", "a1", null, null, true, Period.ALWAYS)))
        .isEmpty();
    assertThat(
            only(
                new Filter(
                    List.of(updated, created),
                    null,
                    null,
                    "account-1",
                    null,
                    null,
                    null,
                    true,
                    Period.ALWAYS)))
        .containsExactly(updated);
  }

  @Test
  void a_period_takes_its_first_moment_and_leaves_out_its_last() {
    RuleId rule = createRule(acme, "spent");
    List<EventId> ids = new ArrayList<>();
    for (Instant day : List.of(DAY_1, DAY_2, DAY_2.plusMillis(1), DAY_3)) {
      ids.add(fire(acme, day, rule, "spent"));
    }
    Period middle = new Period(DAY_2, DAY_3);

    assertThat(only(during(middle, List.of(), rule))).containsExactly(ids.get(2), ids.get(1));
    assertThat(only(during(middle, ids, null))).containsExactly(ids.get(2), ids.get(1));
    assertThat(listed(acme, 1, during(middle, List.of(), rule)))
        .containsExactly(List.of(ids.get(2)), List.of(ids.get(1)));
    assertThat(only(during(new Period(DAY_2.plusNanos(1), null), ids, null)))
        .as("ids have milliseconds")
        .containsExactly(ids.get(3), ids.get(2));
    assertThat(only(during(new Period(null, DAY_2.plusNanos(1)), ids, null)))
        .containsExactly(ids.get(1), ids.get(0));
    assertThat(only(during(new Period(DAY_1, DAY_1), List.of(), null))).isEmpty();
    assertThat(only(during(new Period(Instant.MIN, Instant.MAX), ids, null))).hasSize(4);
  }

  private static Filter during(Period period, List<EventId> ids, @Nullable RuleId rule) {
    return new Filter(ids, null, null, null, null, rule, null, true, period);
  }

  @Test
  void filtered_pages_have_no_gap_or_repeat_either() {
    List<EventId> wanted = new ArrayList<>();
    for (Instant day : List.of(DAY_1, DAY_2, DAY_3)) {
      for (int i = 0; i < 3; i++) {
        wanted.add(store(acme, day, created("a1")));
        store(acme, day, created("a2"));
      }
    }
    Filter filter = new Filter(List.of(), null, null, null, "a1", null, null, true, Period.ALWAYS);

    assertThat(listed(acme, 4, filter))
        .containsExactly(
            wanted.subList(5, 9).reversed(), wanted.subList(1, 5).reversed(), wanted.subList(0, 1));
    assertThat(
            listed(
                    acme,
                    2,
                    new Filter(wanted, null, null, null, null, null, null, true, Period.ALWAYS))
                .stream()
                .flatMap(List::stream))
        .containsExactlyElementsOf(wanted.reversed());
  }

  @Test
  void what_was_dealt_with_is_shown_on_demand() {
    EventId open = store(acme, DAY_1);
    EventId dealtWith = store(acme, DAY_2);
    postgres.execute(
        "update event set dt_actioned = '2026-11-25T10:00:00Z' where id = '" + dealtWith + "'");

    assertThat(
            only(new Filter(List.of(), null, null, null, null, null, null, false, Period.ALWAYS)))
        .containsExactly(open);
    assertThat(only(all())).containsExactly(dealtWith, open);
    assertThat(events.find(sees(acme), dealtWith).orElseThrow().actioned())
        .isEqualTo("2026-11-25T10:00:00Z");
  }

  @Test
  void events_are_marked_as_dealt_with_once_and_unmarked_again() {
    EventId old = store(acme, DAY_1);
    EventId recent = store(acme, DAY_3);
    EventId others = store(bolt, DAY_2);
    Instant first = Instant.parse("2026-11-25T10:00:00Z");
    List<EventId> wanted = List.of(old, others, recent, new EventId(StoreSamples.id()));

    assertThat(events.action(sees(acme), List.of(old), true, first)).hasSize(1);
    assertThat(events.action(sees(acme), wanted, true, first.plusSeconds(60)))
        .extracting(StoredEvent::id, StoredEvent::actioned)
        .containsExactly(tuple(recent, first.plusSeconds(60)), tuple(old, first));
    assertThat(events.find(sees(bolt), others).orElseThrow().actioned()).isNull();
    assertThat(events.action(sees(acme), List.of(old), false, first))
        .extracting(StoredEvent::actioned)
        .containsExactly((Instant) null);
    assertThat(
            only(new Filter(List.of(), null, null, null, null, null, null, false, Period.ALWAYS)))
        .containsExactly(old);
  }

  @Test
  void a_notification_is_an_event_and_its_rule_finds_what_it_fired_on() {
    RuleId rule = createRule(acme, "spent");
    EventId first = fire(acme, DAY_1, rule, "spent");
    store(acme, DAY_2);
    EventId last = fire(acme, DAY_3, rule, "spent");
    fire(acme, DAY_2, new RuleId(new UUID(1, 7)), "other");

    assertThat(only(triggered(rule, null))).containsExactly(last, first);
    assertThat(only(triggered(rule, "spent"))).containsExactly(last, first);
    assertThat(only(triggered(null, "spent"))).containsExactly(last, first);
    assertThat(listed(acme, 1, triggered(null, "spent")))
        .containsExactly(List.of(last), List.of(first));
    assertThat(only(triggered(rule, "other"))).isEmpty();
    assertThat(only(triggered(null, "nobody's"))).isEmpty();
    assertThat(
            only(
                new Filter(
                    List.of(), null, "Notification", null, null, null, null, true, Period.ALWAYS)))
        .hasSize(3);
  }

  @Test
  void the_rule_and_other_filters_hold_together() {
    RuleId rule = createRule(acme, "spent");
    EventId first = fire(acme, DAY_1, rule, "spent");
    EventId last = fire(acme, DAY_3, rule, "spent");
    List<EventId> two = List.of(first, store(acme, DAY_2));

    assertThat(only(triggered(two, rule, null))).containsExactly(first);
    assertThat(only(triggered(two, null, "spent"))).containsExactly(first);
    assertThat(only(triggered(two, null, "other"))).isEmpty();
    assertThat(
            only(
                new Filter(
                    List.of(), "no.such.event", null, null, null, rule, null, true, Period.ALWAYS)))
        .isEmpty();
    postgres.execute("update event set dt_actioned = now() where id = '" + last + "'");
    assertThat(
            only(
                new Filter(List.of(), null, null, null, null, null, "spent", false, Period.ALWAYS)))
        .containsExactly(first);
  }

  @Test
  void a_deleted_rule_still_finds_by_its_id_what_it_fired_on() {
    RuleId rule = createRule(acme, "spent");
    EventId fired = fire(acme, DAY_1, rule, "spent");
    new PgNotificationConfigurations(postgres.database()).delete(author(acme), rule);

    assertThat(only(triggered(rule, null))).containsExactly(fired);
    assertThat(only(triggered(null, "spent"))).isEmpty();
  }

  @Test
  void another_organizations_rule_finds_nothing() {
    RuleId rule = createRule(acme, "spent");
    fire(acme, DAY_1, rule, "spent");

    assertThat(events.list(sees(bolt), triggered(rule, null), page()).items()).isEmpty();
    assertThat(events.list(sees(bolt), triggered(null, "spent"), page()).items()).isEmpty();
    assertThat(events.list(sees(bolt), all(), page()).items()).isEmpty();
  }

  @Test
  void a_first_page_reads_the_newest_day_and_a_look_up_one_day() throws SQLException {
    RuleId rule = createRule(acme, "spent");
    for (Instant day : List.of(DAY_1, DAY_2, DAY_3)) {
      for (int i = 0; i < 20; i++) {
        fire(acme, day, rule, "spent");
      }
    }
    EventId newest = events.list(sees(acme), all(), page()).items().getFirst().id();
    String one = "'" + acme + "', '" + newest + "'";
    String lowest = "'" + new UUID(0, 0) + "'";
    String first =
        "'"
            + acme
            + "', '"
            + new UUID(-1, -1)
            + "', 11, null, null, null, null, null, true, "
            + lowest
            + ", null";
    String next =
        "'"
            + acme
            + "', '"
            + newest
            + "', 50, null, null, null, null, null, true, "
            + lowest
            + ", null";

    assertThat(read("eventFind", one + ", null, " + lowest)).containsExactly("event_20261124");
    assertThat(read("eventList", first)).containsExactly("event_20261124");
    assertThat(read("eventList", next)).containsExactly("event_20261124", "event_20261123");
    String hidden = "array['plan', 'account/none', 'event/none']";
    assertThat(read("eventList", first.replaceFirst("null$", hidden)))
        .as("from whom some is hidden")
        .containsExactly("event_20261124");
    assertThat(read("eventList", first.replace("null, true", "'" + rule + "', true")))
        .as("on which a rule fired")
        .containsExactly("event_20261124");
  }

  /**
   * The partitions in which a statement finds rows, by the plan that serves any parameters; fails
   * if it sorts.
   */
  private static List<String> read(String statement, String parameters) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement session = connection.createStatement()) {
      for (Map.Entry<String, String> setting : PgEvents.SESSION.entrySet()) {
        session.execute("set " + setting.getKey() + " = " + setting.getValue());
      }
      session.execute("prepare listing as " + Statements.load().sql(statement));
      List<String> read = new ArrayList<>();
      try (ResultSet plan =
          session.executeQuery(
              "explain (analyze, costs off, timing off) execute listing (" + parameters + ")")) {
        while (plan.next()) {
          String line = plan.getString(1);
          assertThat(line).doesNotContain("Sort");
          Matcher scan = SCAN.matcher(line);
          if (scan.find()) {
            read.add(scan.group(1));
          }
        }
      }
      return read;
    }
  }

  /** Somebody from whom nothing is hidden. */
  private static Viewer sees(OrganizationId organization) {
    return new Viewer(organization, HiddenEvents.NONE);
  }

  private List<EventId> only(Filter filter) {
    return events.list(sees(acme), filter, page()).items().stream().map(StoredEvent::id).toList();
  }

  private static PageRequest page() {
    return new PageRequest(100, null);
  }

  private List<List<EventId>> listed(OrganizationId organization, int size, Filter filter) {
    return StoreSamples.pages(
            size,
            page -> events.list(sees(organization), filter, page),
            event -> event.id().value())
        .stream()
        .map(page -> page.stream().map(StoredEvent::id).toList())
        .toList();
  }

  private static Filter all() {
    return new Filter(List.of(), null, null, null, null, null, null, true, Period.ALWAYS);
  }

  private static Filter triggered(@Nullable RuleId rule, @Nullable String code) {
    return triggered(List.of(), rule, code);
  }

  private static Filter triggered(List<EventId> ids, @Nullable RuleId rule, @Nullable String code) {
    return new Filter(ids, null, null, null, null, rule, code, true, Period.ALWAYS);
  }

  private static IncomingEvent created(String entity) {
    return new IncomingEvent(
        null,
        CREATED,
        Category.CUSTOM,
        Samples.NOW,
        IncomingEvent.Timing.SENT,
        new EntityRef("Account", entity),
        Transition.CREATED,
        null,
        Samples.payload("{}"),
        null);
  }

  private EventId store(OrganizationId organization, Instant created) {
    return store(organization, created, created("a"));
  }

  private EventId store(OrganizationId organization, Instant created, IncomingEvent event) {
    return store(organization, created, event, List.of());
  }

  private EventId fire(OrganizationId organization, Instant created, RuleId rule, String code) {
    Rule fired = new Rule(rule, code, "Rule", 1, null, List.of());
    return store(
        organization,
        created,
        created("a"),
        List.of(new Firing(new EventId(id(created)), fired, List.of())));
  }

  private EventId store(
      OrganizationId organization, Instant created, IncomingEvent event, List<Firing> firings) {
    EventId id = new EventId(id(created));
    PgLedger ledger =
        new PgLedger(
            postgres.database(),
            Duration.ofDays(28),
            () -> Samples.NOW,
            StoreSamples.EVERYTHING,
            new UUID(9, 9),
            Duration.ofMinutes(1),
            Duration.ofDays(1));
    assertThat(
            ledger
                .commit(
                    List.of(
                        new Judged(
                            organization,
                            id,
                            event,
                            event.before(),
                            null,
                            firings,
                            List.of(),
                            List.of())),
                    Map.of(organization, StoreSamples.version(postgres, organization)),
                    Set.of())
                .verdicts())
        .containsExactly(new Verdict.Stored());
    return id;
  }

  private UUID id(Instant created) {
    return new UUID(
        created.toEpochMilli() << 16 | 0x7000, Long.MIN_VALUE | counter.incrementAndGet());
  }

  private static RuleId createRule(OrganizationId organization, String code) {
    RuleId id = new RuleId(StoreSamples.id());
    new PgNotificationConfigurations(postgres.database())
        .create(author(organization), id, rule(code, null));
    return id;
  }
}
