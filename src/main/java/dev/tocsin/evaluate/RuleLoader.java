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
import java.util.concurrent.atomic.AtomicBoolean;
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

  /** More than a commit takes that is not in trouble. */
  private static final Duration HOLD_MAX = Duration.ofSeconds(1);

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

  /**
   * Begins a load; {@code done} is called once, on one of the loader's threads. Nobody begins two
   * of one organization, so the line is never longer than there are organizations with events
   * waiting.
   */
  public void begin(RulesWanted wanted, Consumer<Loaded> done) {
    threads.execute(() -> {
      AtomicBoolean told = new AtomicBoolean();
      Consumer<Loaded> once =
          loaded -> {
            if (told.compareAndSet(false, true)) {
              done.accept(loaded);
            }
          };
      try {
        if (wanted.held()) {
          loadHeld(wanted, once);
        } else {
          once.accept(load(ruleSets, wanted));
        }
      } catch (LedgerException.Unavailable e) {
        // An outage is told by whoever watches for it, and not once for each organization.
        log.debug(
            "rules not loaded organization={} cause=\"{}\"", wanted.organization(), e.getMessage());
        later.execute(() -> once.accept(new Loaded.Failed()));
      } catch (Throwable e) {
        // Errors too: an organization that is never told of its rules stays without any.
        log.error("rules not loaded organization={}", wanted.organization(), e);
        later.execute(() -> once.accept(new Loaded.Failed()));
      }
    });
  }

  /** Breaks off what is under way, of which nobody is told any more, and waits for its end. */
  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }

  /** Keeps the rules as they are until they were used. */
  private void loadHeld(RulesWanted wanted, Consumer<Loaded> done) {
    ruleSets.hold(
        wanted.organization(),
        source -> {
          Hold hold = new Hold();
          done.accept(new Loaded.Held(load(source, wanted), hold));
          hold.awaitEnd(HOLD_MAX);
        });
  }

  private static Loaded load(RuleSource source, RulesWanted wanted) {
    OrganizationId organization = wanted.organization();
    Optional<RuleSetChanges> changes =
        wanted.since().isPresent()
            ? source.changesSince(organization, wanted.since().getAsLong())
            : Optional.empty();
    return changes.<Loaded>map(Loaded.Changed::new).orElseGet(() -> loadAll(source, organization));
  }

  private static Loaded loadAll(RuleSource source, OrganizationId organization) {
    RuleSet rules = source.load(Set.of(organization)).get(organization);
    return rules == null ? new Loaded.Missing() : new Loaded.Found(rules);
  }
}
