package dev.tocsin.bus;

import java.util.List;

/** The other nodes, as whoever rings a doorbell knows them: told without waiting, or never told. */
@FunctionalInterface
public interface Elsewhere {
  /** No other nodes. */
  Elsewhere NOBODY = (doorbell, rings) -> {};

  /** Rings a doorbell there, soon, if there is anybody to hear it. May be called on any thread. */
  void ring(Doorbell<?> doorbell, List<Ring> rings);
}
