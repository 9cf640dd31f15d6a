package dev.tocsin.bus;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * An address that rings on every node: its message is a hint to look, and what it tells of is in
 * the database already.
 *
 * <p>Consumers on the ringing node get the message itself, at once. To other nodes go its rings, of
 * which a later one stands for those before it: so many can be told in one, and whoever believes
 * one that is made up only looks for nothing.
 *
 * @param here what it is on its own node
 * @param version of the form of its rings; a node that knows another one ignores them
 * @param rings what other nodes are told
 * @param message what a ring of another node becomes on this one
 */
public record Doorbell<M extends Record & BusMessage>(
    Address<M> here, int version, Function<M, List<Ring>> rings, Function<Ring, M> message) {
  public Doorbell {
    Objects.requireNonNull(here);
    Objects.requireNonNull(rings);
    Objects.requireNonNull(message);
  }

  /** What it is called on every node. */
  public String name() {
    return here.name();
  }
}
