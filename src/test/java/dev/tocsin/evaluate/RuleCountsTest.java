package dev.tocsin.evaluate;

import static dev.tocsin.evaluate.Samples.NOW;
import static dev.tocsin.evaluate.Samples.always;
import static dev.tocsin.evaluate.Samples.organization;
import static dev.tocsin.evaluate.Samples.rule;
import static dev.tocsin.evaluate.Samples.rules;
import static dev.tocsin.evaluate.Samples.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.EventsAccepted;
import dev.tocsin.flow.StoreUnavailable;
import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.Calculations;
import dev.tocsin.rule.Parsed;
import dev.tocsin.rule.RuleId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is written down of what rules did. */
class RuleCountsTest {
  private static final OrganizationId ACME = organization(1);
  private static final OrganizationId BOLT = organization(2);
  private static final LocalDate TODAY = LocalDate.parse("2026-11-23");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final MemoryLedger ledger = new MemoryLedger();
  private final Map<RuleId, RuleCounts> written = new HashMap<>();
  private final List<Integer> batches = new ArrayList<>();
  private boolean storeIsAway;
  private Instant now = NOW;
  private GroupCommit groupCommit = groupCommit(settings(100, 2));
  private RuleCountWriter writer = writer(settings(100, 2));

  @Test
  void evaluations_firings_and_errors_are_written_by_rule_and_day() {
    ledger.put(
        ACME,
        rules(
            1,
            always(1),
            rule(2, calculation("new.amountSpent >= 10")),
            rule(3, calculation("new.amountSpent + 0 >= 10")),
            rule(4, calculation("1 / new.amountSpent >= 10"))));
    commit(ACME, update(null, "c1", 5), update(null, "c2", 50), update(null, "c3", 0));
    now = now.plusSeconds(1);

    assertThat(writer.runOnce()).isEqualTo(new RuleCountWriter.Round(4, false));

    assertThat(counts(1)).isEqualTo(plain(1, 3, 3));
    assertThat(counts(2))
        .as("the index keeps it from two of three events")
        .isEqualTo(plain(2, 1, 1));
    assertThat(counts(3)).isEqualTo(plain(3, 3, 1));
    RuleCounts failed = counts(4);
    assertThat(failed.evaluated()).isEqualTo(3);
    assertThat(failed.errors()).isEqualTo(1);
    RuleCounts.LastError error = Objects.requireNonNull(failed.lastError());
    assertThat(error.event()).isEqualTo(ledger.events().getLast().id());
    assertThat(error.occurred()).isEqualTo(NOW);
    assertThat(error.message())
        .isEqualTo("line 1, column 5: division by zero: new.amountSpent is 0");
    assertThat(writer.runOnce()).isEqualTo(new RuleCountWriter.Round(0, false));
  }

  /** Each costs some microseconds, and events wait for it. */
  @Test
  void of_very_many_rules_that_fail_at_once_some_tell_the_reason_alone() {
    EvaluateSettings large = settings(1_000, 1_000);
    groupCommit = groupCommit(large);
    writer = writer(large);
    Rule[] failing = new Rule[150];
    for (int i = 0; i < failing.length; i++) {
      failing[i] = rule(i + 1, calculation("1 / new.amountSpent >= 10"));
    }
    ledger.put(ACME, rules(1, failing));
    commit(ACME, update(null, "c1", 0));
    writer.runOnce();

    assertThat(written.values())
        .extracting(counts -> Objects.requireNonNull(counts.lastError()).message())
        .allMatch(message -> message.contains("division by zero"))
        .filteredOn(message -> message.startsWith("line 1"))
        .hasSize(100);
  }

  @Test
  void they_are_written_in_batches() {
    ledger.put(ACME, rules(1, always(1), always(2), always(3), always(4), always(5)));
    commit(ACME, update(null, "c1", 5));

    assertThat(writer.runOnce()).isEqualTo(new RuleCountWriter.Round(5, false));
    assertThat(batches).containsExactly(2, 2, 1);
  }

  @Test
  void what_cannot_be_written_is_written_with_what_comes_later() {
    ledger.put(ACME, rules(1, always(1)));
    commit(ACME, update(null, "c1", 5));
    storeIsAway = true;
    assertThat(writer.runOnce()).isEqualTo(new RuleCountWriter.Round(0, true));
    commit(ACME, update(null, "c1", 6));
    storeIsAway = false;

    assertThat(writer.runOnce()).isEqualTo(new RuleCountWriter.Round(1, false));
    assertThat(counts(1)).isEqualTo(plain(1, 2, 2));
  }

  @Test
  void what_finds_no_place_is_dropped_and_counted_and_events_go_on() {
    EvaluateSettings small = settings(2, 10);
    groupCommit = groupCommit(small);
    writer = writer(small);
    ledger.put(ACME, rules(1, always(1), always(2), always(3)));
    commit(ACME, update(null, "c1", 5));

    writer.runOnce();
    assertThat(written).hasSize(2);
    assertThat(ledger.events()).hasSize(1);
    assertThat(meters.counter("tocsin.rules.counts.dropped").count()).isPositive();
  }

  @Test
  void an_event_that_is_judged_again_by_changed_rules_fires_once() {
    ledger.put(ACME, rules(1, always(1)));
    commit(ACME, update(null, "c1", 5));
    ledger.put(ACME, rules(2, always(1), always(2)));
    commit(ACME, update(null, "c1", 6));
    commit(ACME);

    writer.runOnce();
    assertThat(counts(1).fired()).isEqualTo(2);
    assertThat(counts(2).fired()).isEqualTo(1);
  }

  @Test
  void counts_of_rules_that_are_no_longer_in_memory_are_not_lost() {
    ledger.put(ACME, rules(1, rule(1, calculation("new.amountSpent + 0 >= 10"))));
    commit(ACME, update(null, "c1", 5));
    ledger.put(ACME, rules(2));
    commit(ACME, update(null, "c1", 6));
    commit(ACME);
    ledger.put(BOLT, rules(1, rule(2, calculation("new.amountSpent + 0 >= 10"))));
    commit(BOLT, update(null, "c1", 5));
    for (int n = 3; n < 103; n++) {
      ledger.put(organization(n), rules(1));
      commit(organization(n), update(null, "c1", 1));
    }

    writer.runOnce();
    assertThat(counts(1).evaluated()).isEqualTo(2);
    assertThat(counts(2).evaluated()).isEqualTo(1);
  }

  private void commit(OrganizationId organization, IncomingEvent... events) {
    if (events.length > 0) {
      groupCommit.submit(
          new EventsAccepted(organization, List.of(events), NOW.plusSeconds(20)), settled -> {});
    }
    for (RulesWanted wanted : groupCommit.takeRulesWanted()) {
      groupCommit.loaded(wanted.organization(), load(wanted));
    }
    groupCommit.runOnce();
  }

  private Loaded load(RulesWanted wanted) {
    if (wanted.since().isPresent()) {
      return new Loaded.Changed(
          ledger.changesSince(wanted.organization(), wanted.since().getAsLong()).orElseThrow());
    }
    return new Loaded.Found(
        Objects.requireNonNull(
            ledger.load(Set.of(wanted.organization())).get(wanted.organization())));
  }

  private static EvaluateSettings settings(int countsMax, int countsBatch) {
    return new EvaluateSettings(
        100, 1 << 20, 2, 3, 50, countsMax, countsBatch, Duration.ofMillis(1));
  }

  private GroupCommit groupCommit(EvaluateSettings settings) {
    return GroupCommit.over(settings, ledger, ledger, runs -> {}, Samples.ids(), () -> now, meters);
  }

  private RuleCountWriter writer(EvaluateSettings settings) {
    return new RuleCountWriter(groupCommit, this::write, settings, Duration.ofSeconds(1));
  }

  private void write(Collection<RuleCounts> counts) {
    if (storeIsAway) {
      throw new StoreUnavailable("away", new RuntimeException());
    }
    batches.add(counts.size());
    counts.forEach(count -> written.merge(count.rule(), count, RuleCounts::plus));
  }

  private RuleCounts counts(int rule) {
    return Objects.requireNonNull(written.get(new RuleId(new UUID(1, rule))));
  }

  private static RuleCounts plain(int rule, long evaluated, long fired) {
    return new RuleCounts(ACME, new RuleId(new UUID(1, rule)), TODAY, evaluated, fired, 0, null);
  }

  private static Calculation calculation(String text) {
    return ((Parsed.Valid) Calculations.parse(text, CalculationLimits.DEFAULTS)).calculation();
  }
}
