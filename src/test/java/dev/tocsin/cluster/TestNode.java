package dev.tocsin.cluster;

import dev.tocsin.bus.Address;
import dev.tocsin.bus.Bus;
import dev.tocsin.bus.BusMessage;
import dev.tocsin.bus.Doorbell;
import dev.tocsin.bus.Ring;
import dev.tocsin.process.FreePorts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node with one doorbell, behind cables. */
final class TestNode implements AutoCloseable {
  static final Duration HEARTBEAT = Duration.ofSeconds(1);
  static final Duration SILENT_MAX = Duration.ofSeconds(3);

  static final Doorbell<Knocked> KNOCKED =
      new Doorbell<>(
          new Address<>("door.knocked", Knocked.class),
          1,
          knocked -> List.of(new Ring(knocked.organization(), knocked.times())),
          ring -> new Knocked(ring.organization(), ring.number()));

  record Knocked(UUID organization, long times) implements BusMessage {}

  /** Where a node is, and by which cables others reach it. */
  record Place(int port, int busPort, Cable membership, Cable bus) implements AutoCloseable {
    static Place free() throws IOException {
      List<Integer> ports = FreePorts.some(2);
      int port = ports.getFirst();
      int busPort = ports.getLast();
      return new Place(port, busPort, new Cable(port), new Cable(busPort));
    }

    void cut() {
      membership.cut();
      bus.cut();
    }

    void mend() {
      membership.mend();
      bus.mend();
    }

    @Override
    public void close() throws IOException {
      membership.close();
      bus.close();
    }
  }

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final BlockingQueue<Knocked> heard = new LinkedBlockingQueue<>();
  final Bus bus;
  final Node.Joined node;

  /** Joins; ready when it listens. */
  TestNode(Place place, List<Place> others, ClusterSettings.@Nullable Keys keys) {
    this.node =
        Node.join(
            settings(place, others, keys),
            VertxOptions::new,
            Instant.parse("2026-11-27T12:00:00Z"));
    this.bus = Bus.of(node.vertx(), Set.of(Knocked.class));
    bus.consume(KNOCKED, heard::add);
    await(
        node.vertx().deployVerticle(node.connect(bus, List.of(KNOCKED), meters, System::nanoTime)));
  }

  private static ClusterSettings settings(
      Place place, List<Place> others, ClusterSettings.@Nullable Keys keys) {
    return new ClusterSettings(
        true,
        "test",
        "127.0.0.1",
        place.port(),
        null,
        place.busPort(),
        "127.0.0.1",
        place.membership().port(),
        place.bus().port(),
        others.stream().map(other -> "127.0.0.1:" + other.membership().port()).toList(),
        Duration.ofSeconds(5),
        HEARTBEAT,
        SILENT_MAX,
        Duration.ofMillis(5),
        100,
        keys,
        false);
  }

  /** The settings of a node that listens on the IPv6 loopback address, and knows nobody. */
  static ClusterSettings onIpv6(Place place) {
    return new ClusterSettings(
        true,
        "test",
        "::1",
        place.port(),
        null,
        place.busPort(),
        null,
        0,
        0,
        List.of("[::1]:" + place.port()),
        Duration.ofSeconds(5),
        HEARTBEAT,
        SILENT_MAX,
        Duration.ofMillis(5),
        100,
        null,
        false);
  }

  void knock(UUID organization, long times) {
    bus.ring(KNOCKED, new Knocked(organization, times));
  }

  /** Knocks until another node hears it, which then has heard nothing else. */
  void knockUntilHeardBy(TestNode other) throws InterruptedException {
    UUID organization = UUID.randomUUID();
    Knocked last = null;
    for (long times = 1; last == null || !last.organization().equals(organization); times++) {
      knock(organization, times);
      last = other.heard.poll(50, TimeUnit.MILLISECONDS);
    }
    other.heard.clear();
  }

  /** Waits until it sees so many nodes, all of them heard or not. */
  void awaitMembers(int count) throws InterruptedException {
    while (node.members().size() != count) {
      heard.poll(20, TimeUnit.MILLISECONDS);
    }
  }

  void awaitCount(String meter, double wanted) throws InterruptedException {
    while (count(meter) < wanted) {
      heard.poll(20, TimeUnit.MILLISECONDS);
    }
  }

  boolean hearsAll() {
    return node.members().stream().allMatch(Member::isHeard);
  }

  double count(String meter) {
    return meters.find(meter).counters().stream().mapToDouble(one -> one.count()).sum();
  }

  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    await(node.vertx().close());
  }
}
