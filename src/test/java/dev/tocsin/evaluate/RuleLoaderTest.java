package dev.tocsin.evaluate;

import static dev.tocsin.evaluate.Samples.always;
import static dev.tocsin.evaluate.Samples.organization;
import static dev.tocsin.evaluate.Samples.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.OrganizationId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RuleLoaderTest {
  private static final OrganizationId ACME = organization(1);
  private static final RuleSet RULES = rules(1, always(1));

  @Test
  void what_is_there_is_found_and_what_is_not_is_missing() {
    assertThat(loadFrom(full(organizations -> Map.of(ACME, RULES))))
        .isEqualTo(new Loaded.Found(RULES));
    assertThat(loadFrom(full(organizations -> Map.of()))).isEqualTo(new Loaded.Missing());
  }

  /** Whoever waits for rules waits until it is told; so every failure has to be. */
  @Test
  void any_failure_is_told() {
    RuleSets away =
        full(organizations -> {
          throw new LedgerException.Unavailable("connection refused", new RuntimeException());
        });
    RuleSets broken =
        full(organizations -> {
          throw new IllegalStateException("a rule that cannot be read");
        });

    RuleSets exhausted =
        full(organizations -> {
          throw new StackOverflowError();
        });

    assertThat(loadFrom(exhausted)).isEqualTo(new Loaded.Failed());
    assertThat(loadFrom(away)).isEqualTo(new Loaded.Failed());
    assertThat(loadFrom(away, new RulesWanted(ACME, OptionalLong.empty(), true)))
        .isEqualTo(new Loaded.Failed());
    assertThat(loadFrom(broken)).isEqualTo(new Loaded.Failed());
  }

  /** A server that stops must not leave threads behind that go on asking a closed pool. */
  @Test
  void what_is_under_way_when_it_is_closed_is_broken_off_and_what_waits_is_dropped()
      throws Exception {
    CompletableFuture<Thread> loading = new CompletableFuture<>();
    AtomicInteger loads = new AtomicInteger();
    RuleSets endless =
        full(organizations -> {
          loads.incrementAndGet();
          loading.complete(Thread.currentThread());
          LockSupport.park();
          throw new LedgerException.Unavailable("interrupted", new RuntimeException());
        });
    RuleLoader loader = new RuleLoader(endless, 1, Duration.ofMillis(1));
    loader.begin(wanted(1), loaded -> {});
    loader.begin(wanted(2), loaded -> {});
    Thread thread = loading.get();

    loader.close();
    loader.begin(wanted(3), loaded -> {});

    assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    assertThat(loads).hasValue(1);
  }

  @Test
  void of_rules_that_are_known_only_what_changed_is_read() {
    RuleSetChanges changes = new RuleSetChanges(4, 5, Set.of(), List.of());
    RulesWanted wanted = new RulesWanted(ACME, OptionalLong.of(4), false);

    assertThat(loadFrom(store(organizations -> Map.of(), Optional.of(changes)), wanted))
        .isEqualTo(new Loaded.Changed(changes));
    assertThat(loadFrom(store(organizations -> Map.of(ACME, RULES), Optional.empty()), wanted))
        .isEqualTo(new Loaded.Found(RULES));
  }

  @Test
  void rules_that_are_to_be_held_come_with_a_hold_which_ends_with_the_loader() {
    RuleSetChanges changes = new RuleSetChanges(4, 5, Set.of(), List.of());
    RulesWanted wanted = new RulesWanted(ACME, OptionalLong.of(4), true);

    assertThat(loadFrom(store(organizations -> Map.of(), Optional.of(changes)), wanted))
        .isInstanceOfSatisfying(
            Loaded.Held.class,
            held -> {
              assertThat(held.rules()).isEqualTo(new Loaded.Changed(changes));
              assertThat(held.hold().isOn()).isFalse();
            });
  }

  private static RulesWanted wanted(int organization) {
    return new RulesWanted(organization(organization), OptionalLong.empty(), false);
  }

  private static RuleSets full(
      Function<Collection<OrganizationId>, Map<OrganizationId, RuleSet>> load) {
    return store(load, Optional.empty());
  }

  private static RuleSets store(
      Function<Collection<OrganizationId>, Map<OrganizationId, RuleSet>> load,
      Optional<RuleSetChanges> changes) {
    return new RuleSets() {
      @Override
      public Map<OrganizationId, RuleSet> load(Collection<OrganizationId> organizations) {
        return load.apply(organizations);
      }

      @Override
      public Optional<RuleSetChanges> changesSince(OrganizationId organization, long version) {
        return changes;
      }

      @Override
      public void hold(OrganizationId organization, Consumer<RuleSource> work) {
        work.accept(this);
      }
    };
  }

  private static Loaded loadFrom(RuleSets ruleSets) {
    return loadFrom(ruleSets, wanted(1));
  }

  private static Loaded loadFrom(RuleSets ruleSets, RulesWanted wanted) {
    CompletableFuture<Loaded> done = new CompletableFuture<>();
    try (RuleLoader loader = new RuleLoader(ruleSets, 1, Duration.ofMillis(1))) {
      loader.begin(wanted, done::complete);
      return done.join();
    }
  }
}
