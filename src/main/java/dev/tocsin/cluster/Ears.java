package dev.tocsin.cluster;

import dev.tocsin.bus.Bus;
import dev.tocsin.bus.Doorbell;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What comes from other nodes, believed as a hint to look and no more. What is not understood is
 * counted and passed over: it may be of a later version.
 */
final class Ears {
  private final String node;
  private final Map<String, Doorbell<?>> known;
  private final Map<String, Counter> received;
  private final Bus bus;
  private final Hearing hearing;
  private final Counter ignoredEnvelopes;
  private final Counter ignoredBells;

  /**
   * The ears of a node.
   *
   * @param node its id: what it sent itself is passed over
   * @param known every doorbell it knows
   * @param bus where they ring
   */
  Ears(String node, List<Doorbell<?>> known, Bus bus, Hearing hearing, MeterRegistry meters) {
    this.node = node;
    this.known = known.stream().collect(Collectors.toMap(Doorbell::name, Function.identity()));
    this.bus = bus;
    this.hearing = hearing;
    this.received =
        this.known.keySet().stream()
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    name -> meters.counter("tocsin.cluster.doorbells.received", "doorbell", name)));
    this.ignoredEnvelopes = meters.counter("tocsin.cluster.doorbells.ignored", "what", "message");
    this.ignoredBells = meters.counter("tocsin.cluster.doorbells.ignored", "what", "doorbell");
  }

  void hear(Buffer bytes) {
    Envelope envelope = Envelope.read(bytes);
    if (envelope == null) {
      ignoredEnvelopes.increment();
    } else if (!envelope.node().equals(node)) {
      hearing.heard(envelope.node());
      envelope.bells().forEach(this::hear);
    }
  }

  private void hear(Envelope.Bell bell) {
    Doorbell<?> doorbell = known.get(bell.name());
    Counter counter = received.get(bell.name());
    if (doorbell == null || counter == null || doorbell.version() != bell.version()) {
      ignoredBells.increment();
    } else {
      bell.rings().forEach(ring -> bus.heard(doorbell, ring));
      counter.increment(bell.rings().size());
    }
  }
}
