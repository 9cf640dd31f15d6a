package dev.tocsin.cluster;

import dev.tocsin.bus.Doorbell;
import dev.tocsin.bus.Elsewhere;
import dev.tocsin.bus.Ring;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The rings that wait to be told to other nodes. The first is told at once; those that come within
 * a pause after it wait, a later one takes the place of one before it, and all are told together.
 *
 * <p>Thread-safe.
 */
final class Doorbells implements Elsewhere {
  /** So that an envelope stays a small message. */
  private static final int RINGS_OF_AN_ENVELOPE_MAX = 1_000;

  private final String node;
  private final int waitingMax;
  private final Runnable wanted;
  private final Map<Key, Long> waiting = new LinkedHashMap<>();
  private final Counter sent;
  private final Counter dropped;
  private boolean announced;

  private record Key(String doorbell, int version, UUID organization) {}

  /**
   * Doorbells of a node.
   *
   * @param waitingMax how many rings may wait; more are not told
   * @param wanted has {@link #take} called soon, on another thread
   */
  Doorbells(String node, int waitingMax, Runnable wanted, MeterRegistry meters) {
    this.node = node;
    this.waitingMax = waitingMax;
    this.wanted = wanted;
    this.sent = meters.counter("tocsin.cluster.doorbells.sent");
    this.dropped = meters.counter("tocsin.cluster.doorbells.dropped");
  }

  @Override
  public void ring(Doorbell<?> doorbell, List<Ring> rings) {
    if (keep(doorbell, rings)) {
      wanted.run();
    }
  }

  private synchronized boolean keep(Doorbell<?> doorbell, List<Ring> rings) {
    for (Ring ring : rings) {
      Key key = new Key(doorbell.name(), doorbell.version(), ring.organization());
      if (waiting.size() < waitingMax || waiting.containsKey(key)) {
        waiting.merge(key, ring.number(), Math::max);
      } else {
        dropped.increment();
      }
    }
    boolean first = !announced && !waiting.isEmpty();
    announced |= first;
    return first;
  }

  /**
   * What is to be told now; empty when nothing has rung since the last time, and then the next ring
   * wants to be taken at once. Whoever gets something waits for the pause, and takes again.
   */
  synchronized List<Envelope> take() {
    announced = !waiting.isEmpty();
    List<Envelope> envelopes = new ArrayList<>();
    Map<Key, List<Ring>> bells = new LinkedHashMap<>();
    int rings = 0;
    for (Map.Entry<Key, Long> ring : waiting.entrySet()) {
      Key key = ring.getKey();
      bells
          .computeIfAbsent(
              new Key(key.doorbell(), key.version(), new UUID(0, 0)), bell -> new ArrayList<>())
          .add(new Ring(key.organization(), ring.getValue()));
      if (++rings % RINGS_OF_AN_ENVELOPE_MAX == 0) {
        envelopes.add(envelope(bells));
        bells.clear();
      }
    }
    if (!bells.isEmpty()) {
      envelopes.add(envelope(bells));
    }
    sent.increment(rings);
    waiting.clear();
    return envelopes;
  }

  private Envelope envelope(Map<Key, List<Ring>> bells) {
    return new Envelope(
        node,
        bells.entrySet().stream()
            .map(bell ->
                new Envelope.Bell(
                    bell.getKey().doorbell(), bell.getKey().version(), bell.getValue()))
            .toList());
  }
}
