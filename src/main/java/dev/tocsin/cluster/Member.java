package dev.tocsin.cluster;

import java.util.Objects;

/**
 * A node of the cluster, as this one sees it.
 *
 * @param node its id, a new one with each start
 * @param address by which others reach its membership port
 * @param since when it started, by its own clock
 * @param isHeard whether it was heard on the event bus lately; this node itself always is
 */
public record Member(String node, String address, String since, boolean isHeard) {
  public Member {
    Objects.requireNonNull(node);
    Objects.requireNonNull(address);
    Objects.requireNonNull(since);
  }
}
