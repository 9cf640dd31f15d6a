package dev.tocsin.evaluate;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.tocsin.event.OrganizationId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads rule sets beside the loops of evaluate, so that an organization with a hundred thousand
 * rules keeps nobody else's events waiting while they are read. Rules that are known of an earlier
 * version are not read again: what changed since is. Has threads of its own, until it is closed.
 */
public final class RuleLoader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RuleLoader.class);

  private final RuleSets ruleSets;
  private final ExecutorService threads;
  private final Executor later;

  /**
   * A loader.
   *
   * @param loadsMax how many loads may be under way at once; the rest wait in line
   * @param pause how long a failure is kept back, so that the next try is not made at once
   */
  public RuleLoader(RuleSets ruleSets, int loadsMax, Duration pause) {
    this.ruleSets = ruleSets;
    this.threads =
        new ThreadPoolExecutor(
            loadsMax,
            loadsMax,
            0,
            MILLISECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofVirtual().name("rules-", 0).factory(),
            // Once it is closed, and only then: whoever would be told is gone.
            new ThreadPoolExecutor.DiscardPolicy());
    this.later = CompletableFuture.delayedExecutor(pause.toMillis(), MILLISECONDS, threads);
  }

  /** Begins a load; {@code done} is called once, on one of the loader's threads. */
  public void begin(RulesWanted wanted, Consumer<Loaded> done) {
    threads.execute(() -> {
      switch (load(wanted)) {
        case Loaded.Failed failed -> later.execute(() -> done.accept(failed));
        case Loaded.Found found -> done.accept(found);
        case Loaded.Changed changed -> done.accept(changed);
        case Loaded.Missing missing -> done.accept(missing);
      }
    });
  }

  /** Breaks off what is under way, of which nobody is told any more, and waits for its end. */
  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }

  private Loaded load(RulesWanted wanted) {
    OrganizationId organization = wanted.organization();
    try {
      Optional<RuleSetChanges> changes =
          wanted.since().isPresent()
              ? ruleSets.changesSince(organization, wanted.since().getAsLong())
              : Optional.empty();
      return changes.<Loaded>map(Loaded.Changed::new).orElseGet(() -> loadAll(organization));
    } catch (LedgerException.Unavailable e) {
      // An outage is told by whoever watches for it, and not once for each organization.
      log.debug("rules not loaded organization={} cause=\"{}\"", organization, e.getMessage());
      return new Loaded.Failed();
    } catch (RuntimeException e) {
      log.error("rules not loaded organization={}", organization, e);
      return new Loaded.Failed();
    }
  }

  private Loaded loadAll(OrganizationId organization) {
    RuleSet rules = ruleSets.load(Set.of(organization)).get(organization);
    return rules == null ? new Loaded.Missing() : new Loaded.Found(rules);
  }
}
