package dev.tocsin.network;

import dev.tocsin.cluster.Cable;
import dev.tocsin.process.FreePorts;
import dev.tocsin.process.ServerPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Nodes on the loopback address that know each other by cables. A cable does not know who is at its
 * other end, so to cut off one node cuts off each from every other; and what is cut is noticed.
 */
final class Cables implements Network {
  private final List<Place> places = new ArrayList<>();
  private final Certificates certificates;
  private final Map<Way, Set<Integer>> cut = new EnumMap<>(Way.class);

  /** A node's own ports, and the cables that others reach it by. */
  private record Place(int members, int bus, Cable toMembers, Cable toBus, Cable database) {}

  Cables(Path home, int nodes, int database) throws IOException {
    this.certificates = new Certificates(home, nodes);
    List<Integer> ports = FreePorts.some(2 * nodes);
    for (int node = 0; node < nodes; node++) {
      int members = ports.get(2 * node);
      int bus = ports.get(2 * node + 1);
      places.add(new Place(members, bus, new Cable(members), new Cable(bus), new Cable(database)));
    }
  }

  @Override
  public String says() {
    return "cables on 127.0.0.1: who cuts off one node cuts off each, and it is noticed";
  }

  @Override
  public ServerPlan place(int node, ServerPlan plan) {
    Place place = places.get(node);
    String members =
        places.stream()
            .map(other -> "127.0.0.1:" + other.toMembers().port())
            .collect(Collectors.joining(","));
    ServerPlan placed =
        plan.with("TOCSIN_CLUSTER_ENABLED", "true")
            .with("TOCSIN_CLUSTER_PUBLIC_HOST", "127.0.0.1")
            .with("TOCSIN_CLUSTER_PORT", "" + place.members())
            .with("TOCSIN_CLUSTER_PUBLIC_PORT", "" + place.toMembers().port())
            .with("TOCSIN_CLUSTER_BUS_PORT", "" + place.bus())
            .with("TOCSIN_CLUSTER_PUBLIC_BUS_PORT", "" + place.toBus().port())
            .with("TOCSIN_CLUSTER_MEMBERS", members);
    for (Map.Entry<String, String> file : certificates.settings(node).entrySet()) {
      placed = placed.with(file.getKey(), file.getValue());
    }
    return placed;
  }

  @Override
  public String database(int node) {
    return "127.0.0.1:" + places.get(node).database().port();
  }

  @Override
  public InetAddress here() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public synchronized void cut(int node, Way way) {
    cut.computeIfAbsent(way, none -> new HashSet<>()).add(node);
    switch (way) {
      case MEMBERSHIP -> places.forEach(place -> place.toMembers().cut());
      case BUS -> places.forEach(place -> place.toBus().cut());
      case DATABASE -> places.get(node).database().cut();
    }
  }

  @Override
  public synchronized void mend(int node, Way way) {
    Set<Integer> left = cut.computeIfAbsent(way, none -> new HashSet<>());
    left.remove(node);
    switch (way) {
      case MEMBERSHIP -> {
        if (left.isEmpty()) {
          places.forEach(place -> place.toMembers().mend());
        }
      }
      case BUS -> {
        if (left.isEmpty()) {
          places.forEach(place -> place.toBus().mend());
        }
      }
      case DATABASE -> places.get(node).database().mend();
    }
  }

  @Override
  public void silence(int node) {
    places.get(node).database().silence();
  }

  @Override
  public void resume(int node) {
    places.get(node).database().resume();
  }

  @Override
  public void close() throws IOException {
    for (Place place : places) {
      place.toMembers().close();
      place.toBus().close();
      place.database().close();
    }
  }
}
