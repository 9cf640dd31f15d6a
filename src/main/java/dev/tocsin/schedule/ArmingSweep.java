package dev.tocsin.schedule;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.StoreUnavailable;
import dev.tocsin.schedule.ArmingStore.Dated;
import dev.tocsin.schedule.ArmingStore.State;
import dev.tocsin.schedule.ArmingStore.States;
import dev.tocsin.schedule.ArmingStore.Step;
import dev.tocsin.schedule.ArmingStore.Wanted;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Arms what was stored before a configuration, or before the last change of one: it walks through
 * the states of the entity, a batch of each organization in a round, and makes the appointments
 * that their dates say.
 *
 * <p>Commits arm what they write themselves, by the configuration they verify; so a state is either
 * older than the configuration, and found here, or armed with its event. A state that changes
 * between its reading and its arming is left to the commit that changed it.
 */
public final class ArmingSweep {
  private static final Logger log = LoggerFactory.getLogger(ArmingSweep.class);

  /** How many states lie between two lines of the log. */
  private static final long LOG_EVERY = 100_000;

  private final Limits limits;
  private final ArmingStore store;
  private final InstantSource clock;
  private final Meters meters;
  private @Nullable OrganizationId last;

  /** Whether any walk went on since the organizations began to take their turns. */
  private boolean progressed;

  /**
   * The bounds of one round.
   *
   * @param organizationsMax of how many organizations a walk goes on, at most
   * @param batch how many states, or rows that are to be removed, each goes on, at most
   */
  public record Limits(int organizationsMax, int batch) {
    public Limits {
      if (organizationsMax < 1 || batch < 1) {
        throw new IllegalArgumentException("limits of the arming sweep must be positive");
      }
    }
  }

  private record Meters(
      Counter scanned, Counter armed, Counter skipped, Counter removed, Counter completed) {
    static Meters of(MeterRegistry meters) {
      return new Meters(
          meters.counter("tocsin.schedule.arming.scanned"),
          meters.counter("tocsin.schedule.arming.armed"),
          meters.counter("tocsin.schedule.arming.skipped"),
          meters.counter("tocsin.schedule.arming.removed"),
          meters.counter("tocsin.schedule.arming.completed"));
    }

    void count(Step step) {
      scanned.increment(step.scanned());
      armed.increment(step.armed());
      skipped.increment(step.skipped());
      removed.increment(step.removed());
      completed.increment(step.completed() ? 1 : 0);
    }
  }

  /** A sweep for one node. */
  public ArmingSweep(Limits limits, ArmingStore store, InstantSource clock, MeterRegistry meters) {
    this.limits = limits;
    this.store = store;
    this.clock = clock;
    this.meters = Meters.of(meters);
  }

  /**
   * What one round did.
   *
   * @param walks how many went on, or tried to
   * @param more whether the next round is to follow at once
   */
  public record Round(int walks, boolean more) {}

  /**
   * Goes on with what waits, within the bounds.
   *
   * @throws StoreUnavailable once all others had their turn, when one could not be gone on with
   */
  public Round runOnce() {
    progressed &= last != null;
    List<Arming> claimed = store.claim(last, limits.organizationsMax());
    boolean isLastTurn = claimed.size() < limits.organizationsMax();
    last = isLastTurn ? null : claimed.getLast().organization();
    StoreUnavailable unavailable = null;
    for (Arming arming : claimed) {
      try {
        progressed |= goOnOrLeave(arming);
      } catch (StoreUnavailable e) {
        if (unavailable == null) {
          unavailable = e;
        } else {
          unavailable.addSuppressed(e);
        }
      }
    }
    if (unavailable != null) {
      throw unavailable;
    }
    return new Round(claimed.size(), progressed || !isLastTurn);
  }

  /** A walk that fails is the same one in every round, and others are behind it. */
  private boolean goOnOrLeave(Arming arming) {
    try {
      Optional<Step> step = goOn(arming);
      step.ifPresent(meters::count);
      return step.filter(Step::moved).isPresent();
    } catch (StoreUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      log.error(
          "scheduled events not armed organization={} configuration={}",
          arming.organization(),
          arming.configuration(),
          e);
      return false;
    }
  }

  private Optional<Step> goOn(Arming arming) {
    Wanted wanted = store.wanted(arming).orElse(null);
    if (wanted == null) {
      Optional<Step> removal = store.removeAll(arming, limits.batch());
      removal.filter(Step::completed).ifPresent(last -> tellRemoved(arming));
      return removal;
    }
    if (wanted.date().arming() != arming.number()) {
      return Optional.empty();
    }
    Optional<Step> step =
        arming.walked() ? store.removeEarlier(arming, limits.batch()) : walk(arming, wanted);
    step.ifPresent(done -> tell(arming, done));
    return step;
  }

  private Optional<Step> walk(Arming arming, Wanted wanted) {
    String entity = wanted.date().entity();
    if (arming.after() == null) {
      log.info(
          "arming scheduled events organization={} configuration={} entity={} arming={}",
          arming.organization(),
          arming.configuration(),
          entity,
          arming.number());
    }
    States read = store.states(arming, entity, limits.batch());
    List<Dated> dated = read.states().stream().map(state -> dated(state, wanted)).toList();
    return store.arm(arming, entity, dated, read.isLast());
  }

  private static Dated dated(State state, Wanted wanted) {
    return new Dated(
        state.entityId(),
        state.writer(),
        state.payload() == null ? null : wanted.date().due(state.payload(), wanted.zone()));
  }

  private void tell(Arming arming, Step step) {
    long scanned = arming.scanned() + step.scanned();
    if (step.completed()) {
      log.info(
          "scheduled events armed organization={} configuration={} scanned={} armed={} skipped={}"
              + " seconds={}",
          arming.organization(),
          arming.configuration(),
          scanned,
          arming.armed() + step.armed(),
          arming.skipped() + step.skipped(),
          seconds(arming.started()));
    } else if (scanned / LOG_EVERY > arming.scanned() / LOG_EVERY) {
      log.info(
          "still arming scheduled events organization={} configuration={} scanned={} after={}",
          arming.organization(),
          arming.configuration(),
          scanned,
          arming.after());
    }
  }

  private void tellRemoved(Arming arming) {
    log.info(
        "scheduled events of a deleted configuration removed organization={} configuration={}"
            + " seconds={}",
        arming.organization(),
        arming.configuration(),
        seconds(arming.started()));
  }

  private long seconds(Instant since) {
    return since.until(clock.instant()).toSeconds();
  }
}
