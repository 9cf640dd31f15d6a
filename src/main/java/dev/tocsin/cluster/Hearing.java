package dev.tocsin.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Which nodes are heard on the event bus, and which are members and silent: their bus cannot be
 * reached, they have no certificate of this cluster, or somebody's subscription was lost.
 *
 * <p>Thread-safe.
 */
final class Hearing {
  private final long silentNanosMax;
  private final LongSupplier nanos;
  private final Map<String, Long> heardAt = new HashMap<>();
  private final Set<String> silent = new HashSet<>();

  /**
   * What a look came to.
   *
   * @param fallenSilent those that were heard, or came, long enough ago, told once
   * @param heardAgain those that had fallen silent, told once
   * @param anySilent whether there are any
   */
  record Look(List<String> fallenSilent, List<String> heardAgain, boolean anySilent) {}

  Hearing(Duration silentMax, LongSupplier nanos) {
    this.silentNanosMax = silentMax.toNanos();
    this.nanos = nanos;
  }

  synchronized void heard(String node) {
    // Only of members: whoever is none has no end at which to forget him.
    heardAt.computeIfPresent(node, (name, before) -> nanos.getAsLong());
  }

  synchronized boolean isHeard(String node) {
    return !silent.contains(node);
  }

  /** Looks at the other members; one that is new has as long as any to make itself heard. */
  synchronized Look look(Set<String> others) {
    long now = nanos.getAsLong();
    heardAt.keySet().retainAll(others);
    silent.retainAll(others);
    others.forEach(node -> heardAt.putIfAbsent(node, now));
    List<String> quiet =
        heardAt.entrySet().stream()
            .filter(entry -> now - entry.getValue() > silentNanosMax)
            .map(Map.Entry::getKey)
            .toList();
    List<String> again = silent.stream().filter(node -> !quiet.contains(node)).toList();
    List<String> fallen = quiet.stream().filter(node -> !silent.contains(node)).toList();
    again.forEach(silent::remove);
    silent.addAll(fallen);
    return new Look(fallen, again, !silent.isEmpty());
  }
}
