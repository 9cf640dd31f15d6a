package dev.tocsin.expire;

import dev.tocsin.flow.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round of all that has expired, by one node at a time. Each step is bounded, and what fails in
 * one keeps none of the others from being done; nor does a turn that is lost in the midst of every
 * round, for each begins with another step. Events are taken away when no delivery of an expired
 * one is left that could not be told of without them. Two nodes that both believe it is their turn,
 * because one lost its connection, do no harm: every step finds out for itself what is left to do.
 */
public final class ExpirySweep {
  private static final Logger log = LoggerFactory.getLogger(ExpirySweep.class);

  /** How long that may keep events that nobody sees any more. */
  private static final Duration HOLD_MAX = Duration.ofHours(1);

  private final Turn turn;
  private final Step ending;
  private final List<Step> others;
  private final InstantSource clock;
  private int next;
  private @Nullable Instant heldSince;

  /** What a step does, as much as a round may. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does it.
     *
     * @param keep to be called between what may take seconds; fails when the turn was lost
     * @return whether there is more
     */
    boolean run(Runnable keep);
  }

  /**
   * A part of a round.
   *
   * @param takesEvents whether it takes away what the ending still needs, and is left out until
   *     that is done
   */
  public record Step(String name, boolean takesEvents, Work work) {}

  private enum Outcome {
    DONE,
    MORE,
    FAILED
  }

  /**
   * A sweep of these steps.
   *
   * @param ending ends what waits, and is short; done before the others in every round
   * @param others begin the round in turns, each followed by those after it
   */
  public ExpirySweep(Turn turn, Step ending, List<Step> others, InstantSource clock) {
    this.turn = turn;
    this.ending = ending;
    this.others = List.copyOf(others);
    this.clock = clock;
  }

  /**
   * What one round did.
   *
   * @param taken whether it was this node's turn
   * @param more whether some step has more to do, so that the next round should not wait
   */
  public record Round(boolean taken, boolean more) {}

  /** Does a round, if it is this node's turn. */
  public Round runOnce() {
    boolean[] more = {false};
    boolean taken =
        turn.take(keep -> {
          Outcome ended = run(ending, keep);
          more[0] = ended == Outcome.MORE;
          boolean holds = holds(ended);
          for (Step step : inTurn()) {
            if (!holds || !step.takesEvents()) {
              more[0] |= run(step, keep) == Outcome.MORE;
            }
          }
        });
    if (!taken) {
      heldSince = null;
    }
    return new Round(taken, more[0]);
  }

  /** Not for ever: ending may fail in every round, or never catch up. */
  private boolean holds(Outcome ended) {
    if (ended == Outcome.DONE) {
      heldSince = null;
      return false;
    }
    Instant now = clock.instant();
    Instant since = heldSince == null ? now : heldSince;
    heldSince = since;
    if (now.isBefore(since.plus(HOLD_MAX))) {
      return true;
    }
    log.warn("events dropped before deliveries of them ended since={}", since);
    return false;
  }

  private List<Step> inTurn() {
    List<Step> steps = new ArrayList<>(others);
    Collections.rotate(steps, -next);
    next = (next + 1) % others.size();
    return steps;
  }

  private static Outcome run(Step step, Runnable keep) {
    keep.run();
    try {
      return step.work().run(keep) ? Outcome.MORE : Outcome.DONE;
    } catch (StoreUnavailable e) {
      // Or it is the turn that was lost.
      keep.run();
      log.warn("expiry step interrupted step=\"{}\" cause=\"{}\"", step.name(), e.getMessage());
      return Outcome.FAILED;
    } catch (RuntimeException e) {
      log.error("expiry step failed step=\"{}\"", step.name(), e);
      return Outcome.FAILED;
    }
  }
}
