package dev.tocsin.evaluate;

import dev.tocsin.event.Change;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.ParsedCalculation;
import dev.tocsin.rule.Problem;
import dev.tocsin.rule.RuleId;
import dev.tocsin.rule.index.Matches;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the rules of one instance did since it was last written down. Bounded: what finds no place
 * is dropped and counted, and nothing waits for it.
 *
 * <p>Not thread-safe.
 */
final class RuleTally {
  private record Key(OrganizationId organization, RuleId rule, LocalDate day) {}

  /**
   * Most errors that one taking tells with place and value, which takes some microseconds each; of
   * more it tells the reasons alone.
   */
  private static final int EXPLAINED_MAX = 100;

  private final int keysMax;
  private final InstantSource clock;
  private final Counter dropped;
  private final Map<Key, RuleCounts> counts = new LinkedHashMap<>();

  /** What the last errors came of, to be looked into when they are taken. */
  private final Map<Key, Failing> failing = new HashMap<>();

  private record Failing(EventId event, Calculation calculation, Change change) {}

  /** An empty tally with places for so many rules and days. */
  RuleTally(int keysMax, InstantSource clock, MeterRegistry meters) {
    this.keysMax = keysMax;
    this.clock = clock;
    this.dropped = meters.counter("tocsin.rules.counts.dropped");
  }

  /** Adds how often an organization's rules did not fire, which they forget. */
  void missed(OrganizationId organization, RuleSet rules) {
    LocalDate day = day(clock.instant());
    rules.takeMisses(
        (rule, times) -> add(new RuleCounts(organization, rule.id(), day, times, 0, 0, null)));
  }

  /** Adds what a stored event set off, and where that failed. */
  void settled(Judged judged) {
    if (judged.firings().isEmpty() && judged.failures().isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    LocalDate day = day(now);
    for (Judged.Firing firing : judged.firings()) {
      add(new RuleCounts(judged.organization(), firing.rule().id(), day, 1, 1, 0, null));
    }
    for (Matches.Failure<Rule> failure : judged.failures()) {
      RuleCounts.LastError error =
          new RuleCounts.LastError(failure.outcome().reason(), judged.id(), now);
      RuleCounts more =
          new RuleCounts(judged.organization(), failure.rule().id(), day, 0, 0, 1, error);
      Calculation calculation = failure.rule().calculation();
      if (add(more) && calculation != null) {
        failing.put(key(more), new Failing(judged.id(), calculation, judged.change()));
      }
    }
  }

  private static LocalDate day(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  private static Key key(RuleCounts counts) {
    return new Key(counts.organization(), counts.rule(), counts.day());
  }

  /** Adds counts; false when there is no place for them. */
  boolean add(RuleCounts more) {
    Key key = key(more);
    if (counts.size() >= keysMax && !counts.containsKey(key)) {
      dropped.increment();
      return false;
    }
    counts.merge(key, more, RuleCounts::plus);
    return true;
  }

  /** Takes the oldest, at most so many. */
  List<RuleCounts> take(int max) {
    List<RuleCounts> taken = new ArrayList<>();
    Iterator<Map.Entry<Key, RuleCounts>> oldest = counts.entrySet().iterator();
    int explained = 0;
    while (taken.size() < max && oldest.hasNext()) {
      Map.Entry<Key, RuleCounts> next = oldest.next();
      Failing last = failing.remove(next.getKey());
      if (last == null || ++explained > EXPLAINED_MAX) {
        taken.add(next.getValue());
      } else {
        taken.add(explained(next.getValue(), last));
      }
      oldest.remove();
    }
    return taken;
  }

  /** The same, with the last error told as whoever tries the calculation out is told it. */
  private static RuleCounts explained(RuleCounts counts, Failing failing) {
    RuleCounts.LastError error = counts.lastError();
    if (error == null
        || !error.event().equals(failing.event())
        || !(failing.calculation() instanceof ParsedCalculation calculation)) {
      return counts;
    }
    Problem problem = calculation.explain(failing.change()).problem();
    return problem == null ? counts : counts.telling(problem.located());
  }
}
