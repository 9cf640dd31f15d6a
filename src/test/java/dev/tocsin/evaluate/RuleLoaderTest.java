package dev.tocsin.evaluate;

import static dev.tocsin.evaluate.Samples.always;
import static dev.tocsin.evaluate.Samples.organization;
import static dev.tocsin.evaluate.Samples.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.OrganizationId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class RuleLoaderTest {
  private static final OrganizationId ACME = organization(1);
  private static final RuleSet RULES = rules(1, always(1));

  @Test
  void what_is_there_is_found_and_what_is_not_is_missing() {
    assertThat(loadFrom(organizations -> Map.of(ACME, RULES))).isEqualTo(new Loaded.Found(RULES));
    assertThat(loadFrom(organizations -> Map.of())).isEqualTo(new Loaded.Missing());
  }

  /** Whoever waits for rules waits until it is told; so every failure has to be. */
  @Test
  void any_failure_is_told() {
    RuleSets away =
        organizations -> {
          throw new LedgerException.Unavailable("connection refused", new RuntimeException());
        };
    RuleSets broken =
        organizations -> {
          throw new IllegalStateException("a rule that cannot be read");
        };

    assertThat(loadFrom(away)).isEqualTo(new Loaded.Failed());
    assertThat(loadFrom(broken)).isEqualTo(new Loaded.Failed());
  }

  /** A server that stops must not leave threads behind that go on asking a closed pool. */
  @Test
  void what_is_under_way_when_it_is_closed_is_broken_off_and_what_waits_is_dropped()
      throws Exception {
    CompletableFuture<Thread> loading = new CompletableFuture<>();
    AtomicInteger loads = new AtomicInteger();
    RuleSets endless =
        organizations -> {
          loads.incrementAndGet();
          loading.complete(Thread.currentThread());
          LockSupport.park();
          throw new LedgerException.Unavailable("interrupted", new RuntimeException());
        };
    RuleLoader loader = new RuleLoader(endless, 1, Duration.ofMillis(1));
    loader.begin(ACME, loaded -> {});
    loader.begin(organization(2), loaded -> {});
    Thread thread = loading.get();

    loader.close();
    loader.begin(organization(3), loaded -> {});

    assertThat(thread.isAlive()).isFalse();
    assertThat(loads).hasValue(1);
  }

  private static Loaded loadFrom(RuleSets ruleSets) {
    CompletableFuture<Loaded> done = new CompletableFuture<>();
    try (RuleLoader loader = new RuleLoader(ruleSets, 1, Duration.ofMillis(1))) {
      loader.begin(ACME, done::complete);
      return done.join();
    }
  }
}
