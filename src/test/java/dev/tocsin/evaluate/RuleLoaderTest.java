package dev.tocsin.evaluate;

import static dev.tocsin.evaluate.Samples.always;
import static dev.tocsin.evaluate.Samples.organization;
import static dev.tocsin.evaluate.Samples.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.OrganizationId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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

  private static Loaded loadFrom(RuleSets ruleSets) {
    CompletableFuture<Loaded> done = new CompletableFuture<>();
    new RuleLoader(ruleSets, Runnable::run, Duration.ofMillis(1)).begin(ACME, done::complete);
    return done.join();
  }
}
