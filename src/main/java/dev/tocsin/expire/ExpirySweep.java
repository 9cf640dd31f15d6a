package dev.tocsin.expire;

import dev.tocsin.flow.StoreUnavailable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round of all that has expired, by one node at a time. Each step is bounded, and what fails in
 * one keeps none of the others from being done; nor does a turn that is lost in the midst of every
 * round, for each begins with another step. Two nodes that both believe it is their turn, because
 * one lost its connection, do no harm: every step finds out for itself what is left to do.
 */
public final class ExpirySweep {
  private static final Logger log = LoggerFactory.getLogger(ExpirySweep.class);

  private final Turn turn;
  private final Step ending;
  private final List<Step> others;
  private int next;

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

  /** A part of a round. */
  public record Step(String name, Work work) {}

  /**
   * A sweep of these steps.
   *
   * @param ending ends what waits, and is short; done before the others in every round
   * @param others begin the round in turns, each followed by those after it
   */
  public ExpirySweep(Turn turn, Step ending, List<Step> others) {
    this.turn = turn;
    this.ending = ending;
    this.others = List.copyOf(others);
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
          more[0] = run(ending, keep);
          for (Step step : inTurn()) {
            more[0] |= run(step, keep);
          }
        });
    return new Round(taken, more[0]);
  }

  private List<Step> inTurn() {
    List<Step> steps = new ArrayList<>(others);
    Collections.rotate(steps, -next);
    next = (next + 1) % others.size();
    return steps;
  }

  private static boolean run(Step step, Runnable keep) {
    keep.run();
    try {
      return step.work().run(keep);
    } catch (StoreUnavailable e) {
      // Or it is the turn that was lost.
      keep.run();
      log.warn("expiry step interrupted step=\"{}\" cause=\"{}\"", step.name(), e.getMessage());
      return false;
    } catch (RuntimeException e) {
      log.error("expiry step failed step=\"{}\"", step.name(), e);
      return false;
    }
  }
}
