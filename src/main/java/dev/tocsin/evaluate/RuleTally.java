package dev.tocsin.evaluate;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.rule.index.Matches;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
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

  private final int keysMax;
  private final InstantSource clock;
  private final Counter dropped;
  private final Map<Key, RuleCounts> counts = new LinkedHashMap<>();

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
      add(new RuleCounts(judged.organization(), failure.rule().id(), day, 0, 0, 1, error));
    }
  }

  private static LocalDate day(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  void add(RuleCounts more) {
    Key key = new Key(more.organization(), more.rule(), more.day());
    if (counts.size() >= keysMax && !counts.containsKey(key)) {
      dropped.increment();
    } else {
      counts.merge(key, more, RuleCounts::plus);
    }
  }

  /** Takes the oldest, at most so many. */
  List<RuleCounts> take(int max) {
    List<RuleCounts> taken = new ArrayList<>();
    Iterator<RuleCounts> oldest = counts.values().iterator();
    while (taken.size() < max && oldest.hasNext()) {
      taken.add(oldest.next());
      oldest.remove();
    }
    return taken;
  }
}
