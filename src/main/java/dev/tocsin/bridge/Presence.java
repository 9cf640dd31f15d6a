package dev.tocsin.bridge;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Whether others in the cluster find this node where it listens.
 *
 * @param lookEvery how often to look
 * @param lost those of some addresses at which they do not; may wait, and fail while the cluster
 *     has troubles
 */
public record Presence(Duration lookEvery, UnaryOperator<Set<String>> lost) {
  /** That of a node that is alone: nobody else looks for it. */
  public static final Presence ALONE = new Presence(Duration.ofDays(1), addresses -> Set.of());

  public Presence {
    Objects.requireNonNull(lookEvery);
    Objects.requireNonNull(lost);
  }
}
