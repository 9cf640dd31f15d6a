package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.api.RuleDay;
import dev.tocsin.api.Viewer;
import dev.tocsin.evaluate.RuleCounts;
import dev.tocsin.evaluate.RuleCounts.LastError;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgRuleDaysPgTest {
  private static final LocalDate TODAY = LocalDate.parse("2026-11-23");
  private static final EventId EVENT = new EventId(new UUID(7, 7));

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private OrganizationId acme;
  private RuleId near;
  private PgRuleDays days;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    near = createRule(acme);
    days = new PgRuleDays(postgres.database(), StoreSamples.EVERYTHING);
  }

  @Test
  void what_is_added_is_added_to_what_there_is() {
    LastError first = error("first", 1);
    LastError second = error("second", 2);
    days.add(
        List.of(counts(near, TODAY, 3, 1, 1, second), counts(near, yesterday(), 5, 0, 0, null)));
    days.add(List.of(counts(near, TODAY, 4, 2, 2, first)));
    days.add(List.of(counts(near, TODAY, 1, 0, 0, null)));

    assertThat(find(yesterday()))
        .as("the earlier error came later, and is not the last")
        .containsExactly(
            new RuleDay(
                TODAY, 8, 3, 3, new RuleDay.LastError("second", EVENT.value(), second.occurred())),
            new RuleDay(yesterday(), 5, 0, 0, null));
    assertThat(find(TODAY)).hasSize(1);
  }

  /** The value that an error tells of is the sender's. */
  @Test
  void an_error_may_have_the_character_that_the_database_cannot_keep() {
    days.add(List.of(counts(near, TODAY, 1, 0, 1, error("new.x is \"\0\"", 1))));

    assertThat(find(TODAY))
        .extracting(day -> day.lastError() == null ? "" : day.lastError().message())
        .containsExactly("new.x is \"\ufffd\"");
  }

  @Test
  void a_rule_without_counts_is_known_and_another_organizations_is_not() {
    assertThat(find(TODAY)).isEmpty();
    OrganizationId bolt = StoreSamples.organization(postgres);
    assertThat(days.find(new Viewer(bolt, HiddenEvents.NONE), near, TODAY)).isEmpty();
    assertThat(days.find(new Viewer(acme, HiddenEvents.NONE), new RuleId(StoreSamples.id()), TODAY))
        .isEmpty();
  }

  @Test
  void a_deleted_rule_takes_its_counts_along_and_none_are_added_to_it() {
    RuleId other = createRule(acme);
    days.add(List.of(counts(near, TODAY, 3, 1, 0, null)));
    new PgNotificationConfigurations(postgres.database()).delete(author(acme), near);

    days.add(List.of(counts(near, TODAY, 3, 1, 0, null), counts(other, TODAY, 1, 0, 0, null)));

    assertThat(days.find(new Viewer(acme, HiddenEvents.NONE), near, TODAY)).isEmpty();
    assertThat(days.find(new Viewer(acme, HiddenEvents.NONE), other, TODAY).orElseThrow())
        .hasSize(1);
    assertThat(
            postgres.value(
                "select count(*) from rule_day where notification_configuration_id = '"
                    + near
                    + "'"))
        .isEqualTo("0");
  }

  @Test
  void two_nodes_that_add_at_the_same_time_lose_nothing_and_do_not_wait_for_each_other() {
    List<RuleId> rules = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rules.add(createRule(acme));
    }
    try (var threads = Executors.newFixedThreadPool(2)) {
      List<CompletableFuture<Void>> nodes = new ArrayList<>();
      for (List<RuleId> order : List.of(rules, rules.reversed())) {
        nodes.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    days.add(
                        order.stream().map(rule -> counts(rule, TODAY, 1, 0, 0, null)).toList());
                  }
                },
                threads));
      }
      nodes.forEach(CompletableFuture::join);
    }
    assertThat(rules)
        .allSatisfy(rule ->
            assertThat(days.find(new Viewer(acme, HiddenEvents.NONE), rule, TODAY).orElseThrow())
                .containsExactly(new RuleDay(TODAY, 40, 0, 0, null)));
  }

  @Test
  void an_error_on_a_hidden_event_is_counted_and_not_told() {
    EventId plan = event("plan");
    EventId product = event("product");
    Instant then = Instant.parse("2026-11-23T08:00:00Z");
    days.add(
        List.of(
            counts(near, TODAY, 3, 0, 2, new LastError("of a product", product, then)),
            counts(near, yesterday(), 3, 0, 1, new LastError("of a plan", plan, then))));

    assertThat(errors("bill")).containsExactly("of a product", "of a plan");
    assertThat(errors("product")).containsExactly("nothing", "of a plan");
    assertThat(errors("event/" + plan)).containsExactly("of a product", "nothing");
    assertThat(errors("*")).containsExactly("nothing", "nothing");
  }

  private EventId event(String entity) {
    EventId id = new EventId(StoreSamples.id());
    postgres.execute(
        "insert into event (organization_id, id, event_name, event_type, event_time, new)"
            + " values ('%s', '%s', 'configuration.%s.created', 'ConfigurationEvent', now(), '{}')"
                .formatted(acme, id, entity));
    return id;
  }

  private List<String> errors(String hidden) {
    Viewer viewer = new Viewer(acme, new HiddenEvents(Set.of(hidden)));
    List<RuleDay> found = days.find(viewer, near, yesterday()).orElseThrow();
    assertThat(found).extracting(RuleDay::errors).containsExactly(2L, 1L);
    return found.stream()
        .map(RuleDay::lastError)
        .map(error -> error == null ? "nothing" : error.message())
        .toList();
  }

  @Test
  void days_past_retention_are_dropped() {
    days.add(
        List.of(
            counts(near, TODAY, 1, 0, 0, null),
            counts(near, TODAY.minusDays(28), 1, 0, 0, null),
            counts(near, TODAY.minusDays(29), 1, 0, 0, null),
            counts(near, TODAY.minusDays(30), 1, 0, 0, null)));

    assertThat(days.dropBefore(TODAY.minusDays(27), 2)).isEqualTo(2);
    assertThat(days.dropBefore(TODAY.minusDays(27), 2)).isEqualTo(1);
    assertThat(find(TODAY.minusDays(100))).extracting(RuleDay::day).containsExactly(TODAY);
  }

  private List<RuleDay> find(LocalDate from) {
    return days.find(new Viewer(acme, HiddenEvents.NONE), near, from).orElseThrow();
  }

  private static LocalDate yesterday() {
    return TODAY.minusDays(1);
  }

  private RuleCounts counts(
      RuleId rule,
      LocalDate day,
      long evaluated,
      long fired,
      long errors,
      @Nullable LastError error) {
    return new RuleCounts(acme, rule, day, evaluated, fired, errors, error);
  }

  private static LastError error(String message, int second) {
    return new LastError(message, EVENT, Instant.parse("2026-11-23T08:00:00Z").plusSeconds(second));
  }

  private static RuleId createRule(OrganizationId organization) {
    RuleId id = new RuleId(StoreSamples.id());
    new PgNotificationConfigurations(postgres.database())
        .create(author(organization), id, rule(id.toString(), null));
    return id;
  }
}
