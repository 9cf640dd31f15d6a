package dev.tocsin.network;

import dev.tocsin.cluster.ClusterKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One for each node, of one authority. */
final class Certificates {
  private final Path keys;

  Certificates(Path home, int nodes) throws IOException {
    List<String> names = IntStream.range(0, nodes).mapToObj(Certificates::name).toList();
    this.keys = ClusterKeys.make(home.resolve("keys"), names.toArray(String[]::new));
  }

  private static String name(int node) {
    return "node" + node;
  }

  Map<String, String> settings(int node) {
    return ClusterKeys.settings(keys, name(node));
  }
}
