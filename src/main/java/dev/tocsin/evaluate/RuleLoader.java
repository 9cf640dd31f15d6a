package dev.tocsin.evaluate;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.tocsin.event.OrganizationId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads rule sets beside the loops of evaluate, so that an organization with a hundred thousand
 * rules keeps nobody else's events waiting while they are read.
 */
public final class RuleLoader {
  private static final Logger log = LoggerFactory.getLogger(RuleLoader.class);

  private final RuleSets ruleSets;
  private final Executor threads;
  private final Executor later;

  /**
   * A loader.
   *
   * @param threads that may wait, as many as loads may be under way at once; the rest wait in line
   * @param pause how long a failure is kept back, so that the next try is not made at once
   */
  public RuleLoader(RuleSets ruleSets, Executor threads, Duration pause) {
    this.ruleSets = ruleSets;
    this.threads = threads;
    this.later = CompletableFuture.delayedExecutor(pause.toMillis(), MILLISECONDS, threads);
  }

  /** Begins a load; {@code done} is called once, on one of the loader's threads. */
  public void begin(OrganizationId organization, Consumer<Loaded> done) {
    threads.execute(() -> {
      switch (load(organization)) {
        case Loaded.Failed failed -> later.execute(() -> done.accept(failed));
        case Loaded.Found found -> done.accept(found);
        case Loaded.Missing missing -> done.accept(missing);
      }
    });
  }

  private Loaded load(OrganizationId organization) {
    try {
      RuleSet rules = ruleSets.load(Set.of(organization)).get(organization);
      return rules == null ? new Loaded.Missing() : new Loaded.Found(rules);
    } catch (LedgerException.Unavailable e) {
      // An outage is told by whoever watches for it, and not once for each organization.
      log.debug("rules not loaded organization={} cause=\"{}\"", organization, e.getMessage());
      return new Loaded.Failed();
    } catch (RuntimeException e) {
      log.error("rules not loaded organization={}", organization, e);
      return new Loaded.Failed();
    }
  }
}
