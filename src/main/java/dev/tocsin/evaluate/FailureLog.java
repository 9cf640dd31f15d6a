package dev.tocsin.evaluate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.Outcome;
import dev.tocsin.rule.RuleId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs which rules fail to compute, each at most once a minute, however many events it fails on:
 * the counter says how often, the log which and why.
 */
final class FailureLog {
  static final Duration QUIET = Duration.ofMinutes(1);

  /**
   * Most rules that are remembered to have been logged. With more that fail at once, some are
   * logged more often.
   */
  private static final int RULES_MAX = 10_000;

  private static final Logger log = LoggerFactory.getLogger(FailureLog.class);

  private record Key(OrganizationId organization, RuleId rule) {}

  private final Cache<Key, Boolean> logged;

  FailureLog(InstantSource clock) {
    this.logged =
        Caffeine.newBuilder()
            .maximumSize(RULES_MAX)
            .expireAfterWrite(QUIET)
            .ticker(() -> ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant()))
            .executor(Runnable::run)
            .build();
  }

  /** Takes note of a failure. */
  void add(OrganizationId organization, Rule rule, EventId event, Outcome.Failed failure) {
    if (isDue(organization, rule.id())) {
      log.warn(
          "rule failed organization={} rule={} code={} event={} reason=\"{}\"",
          organization,
          rule.id(),
          // Its author chose the code, which may hold a line break.
          EventJson.appendText(new StringBuilder(), rule.code()),
          event,
          failure.reason());
    }
  }

  /** Whether a failure of the rule is to be logged now; the next is not, for a while. */
  boolean isDue(OrganizationId organization, RuleId rule) {
    return logged.asMap().putIfAbsent(new Key(organization, rule), true) == null;
  }
}
