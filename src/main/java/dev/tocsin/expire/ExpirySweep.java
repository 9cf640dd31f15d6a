package dev.tocsin.expire;

import dev.tocsin.flow.StoreUnavailable;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round of all that has expired, by one node at a time. Each step is bounded, and what fails in
 * one keeps none of the others from being done. Two nodes that both believe it is their turn,
 * because one lost its connection, do no harm: every step finds out for itself what is left to do.
 */
public final class ExpirySweep {
  private static final Logger log = LoggerFactory.getLogger(ExpirySweep.class);

  private final Turn turn;
  private final List<Step> steps;

  /**
   * A part of a round.
   *
   * @param work does it, as much as a round may; whether there is more
   */
  public record Step(String name, BooleanSupplier work) {}

  /** A sweep of these steps, in this order. */
  public ExpirySweep(Turn turn, List<Step> steps) {
    this.turn = turn;
    this.steps = List.copyOf(steps);
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
          for (Step step : steps) {
            keep.run();
            more[0] |= run(step);
          }
        });
    return new Round(taken, more[0]);
  }

  private static boolean run(Step step) {
    try {
      return step.work().getAsBoolean();
    } catch (StoreUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      log.error("expiry step failed step=\"{}\"", step.name(), e);
      return false;
    }
  }
}
