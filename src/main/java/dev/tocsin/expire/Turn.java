package dev.tocsin.expire;

/** What one node at a time has, so that two do not get in each other's way. */
@FunctionalInterface
public interface Turn {
  /** Something to do in one's turn. */
  @FunctionalInterface
  interface Work {
    /**
     * Does it.
     *
     * @param keep to be called before each step, and within long ones; fails when the turn was lost
     */
    void run(Runnable keep);
  }

  /** Does something if no other node has the turn; answers whether it was done. */
  boolean take(Work work);
}
