package dev.tocsin.network;

import dev.tocsin.cluster.Cable;
import dev.tocsin.process.ServerPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A network namespace for each node, with three links: one for clients, PostgreSQL and receivers,
 * one for membership and one for the event bus. A link that is down loses what is sent over it
 * without a word, as a cable does that was pulled out.
 *
 * <p>The kernel may lack what loses some packets and lets others pass, so that is not used.
 */
final class Namespaces implements Network {
  private static final int HTTP = 8480;
  private static final int MEMBERS = 5701;
  private static final int BUS = 5702;
  private static final int LINKS = 3;
  private static final int FIRST = 11;
  private static final int PID_NETWORKS = 100;

  private final int nodes;
  private final int second;
  private final String prefix;
  private final Certificates certificates;
  private final List<Cable> databases = new ArrayList<>();
  private boolean removed;
  private final Thread undo = new Thread(this::remove);

  /** What makes the commands' lines of a node. */
  private interface Lines {
    List<String> of(int node);
  }

  /**
   * A network; what it makes is written down in {@code home/network}, for whoever cleans up after
   * this process was killed.
   */
  Namespaces(Path home, int nodes, int database) throws IOException {
    long pid = ProcessHandle.current().pid();
    this.nodes = nodes;
    this.second = 100 + (int) (pid % PID_NETWORKS);
    this.prefix = "tc" + Long.toString(pid, Character.MAX_RADIX);
    this.certificates = new Certificates(home, nodes);
    Files.writeString(home.resolve("network"), names(), StandardOpenOption.CREATE);
    Runtime.getRuntime().addShutdownHook(undo);
    make();
    for (int node = 0; node < nodes; node++) {
      databases.add(new Cable(here(), database));
    }
  }

  /** Whether this process may make them. */
  static boolean canBeHad() {
    String name = "tc" + Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX) + "try";
    try {
      ip(List.of(), List.of("netns add " + name));
      try {
        ip(
            List.of(),
            List.of(
                "link add " + name + " type veth peer name eth0 netns " + name,
                "link del " + name));
        return true;
      } finally {
        tryIp("netns del " + name);
      }
    } catch (IOException e) {
      return false; // No ip, or not allowed, or no links of that kind.
    }
  }

  private String names() {
    return IntStream.range(0, nodes)
            .mapToObj(node -> "netns " + namespace(node) + "\n")
            .collect(Collectors.joining())
        + links().stream().map(link -> "link " + link + "\n").collect(Collectors.joining());
  }

  /** Those outside of namespaces. */
  private List<String> links() {
    List<String> links = new ArrayList<>();
    for (int link = 0; link < LINKS; link++) {
      for (int node = 0; node < nodes; node++) {
        links.add(end(node, link));
      }
      links.add(bridge(link));
    }
    return links;
  }

  private void make() throws IOException {
    List<String> outside = new ArrayList<>();
    for (int link = 0; link < LINKS; link++) {
      outside.add("link add " + bridge(link) + " type bridge");
      outside.add("link set " + bridge(link) + " up");
    }
    outside.add("addr add " + address(0, 1) + "/24 dev " + bridge(0));
    for (int node = 0; node < nodes; node++) {
      outside.add("netns add " + namespace(node));
      for (int link = 0; link < LINKS; link++) {
        String end = end(node, link);
        outside.add(
            "link add " + end + " type veth peer name eth" + link + " netns " + namespace(node));
        outside.add("link set " + end + " master " + bridge(link));
        outside.add("link set " + end + " up");
      }
    }
    ip(List.of(), outside);
    Lines inside =
        node -> {
          List<String> lines = new ArrayList<>(List.of("link set lo up"));
          for (int link = 0; link < LINKS; link++) {
            lines.add("addr add " + address(link, FIRST + node) + "/24 dev eth" + link);
            lines.add("link set eth" + link + " up");
          }
          return lines;
        };
    for (int node = 0; node < nodes; node++) {
      ip(List.of("-n", namespace(node)), inside.of(node));
    }
  }

  private String namespace(int node) {
    return prefix + "n" + node;
  }

  private String bridge(int link) {
    return prefix + "b" + link;
  }

  private String end(int node, int link) {
    return prefix + "n" + node + "e" + link;
  }

  private String address(int link, int host) {
    return "10." + second + "." + link + "." + host;
  }

  @Override
  public String says() {
    return "network namespaces";
  }

  @Override
  public ServerPlan place(int node, ServerPlan plan) {
    String members =
        IntStream.range(0, nodes)
            .mapToObj(other -> address(1, FIRST + other) + ":" + MEMBERS)
            .collect(Collectors.joining(","));
    ServerPlan placed =
        plan.startedBy(List.of("ip", "netns", "exec", namespace(node)))
            .at(HTTP)
            .with("TOCSIN_HTTP_HOST", address(0, FIRST + node))
            .with("TOCSIN_DELIVERY_ALLOWED_NETWORKS", address(0, 0) + "/24")
            .with("TOCSIN_CLUSTER_ENABLED", "true")
            .with("TOCSIN_CLUSTER_HOST", address(1, FIRST + node))
            .with("TOCSIN_CLUSTER_PORT", "" + MEMBERS)
            .with("TOCSIN_CLUSTER_BUS_HOST", address(2, FIRST + node))
            .with("TOCSIN_CLUSTER_BUS_PORT", "" + BUS)
            .with("TOCSIN_CLUSTER_MEMBERS", members);
    for (Map.Entry<String, String> file : certificates.settings(node).entrySet()) {
      placed = placed.with(file.getKey(), file.getValue());
    }
    return placed;
  }

  @Override
  public String database(int node) {
    return address(0, 1) + ":" + databases.get(node).port();
  }

  @Override
  public InetAddress here() {
    return InetAddress.ofLiteral(address(0, 1));
  }

  @Override
  public void cut(int node, Way way) throws IOException {
    switch (way) {
      case MEMBERSHIP -> set(node, 1, "down");
      case BUS -> set(node, 2, "down");
      case DATABASE -> databases.get(node).cut();
    }
  }

  @Override
  public void mend(int node, Way way) throws IOException {
    switch (way) {
      case MEMBERSHIP -> set(node, 1, "up");
      case BUS -> set(node, 2, "up");
      case DATABASE -> databases.get(node).mend();
    }
  }

  @Override
  public void silence(int node) {
    databases.get(node).silence();
  }

  @Override
  public void resume(int node) {
    databases.get(node).resume();
  }

  private void set(int node, int link, String to) throws IOException {
    ip(List.of(), List.of("link set " + end(node, link) + " " + to));
  }

  @Override
  public void close() throws IOException {
    for (Cable cable : databases) {
      cable.close();
    }
    remove();
  }

  private synchronized void remove() {
    if (removed) {
      return;
    }
    removed = true;
    // Links first: a namespace lasts as long as what a killed process still had to send, and they
    // would with it.
    links().forEach(link -> tryIp("link del " + link));
    for (int node = 0; node < nodes; node++) {
      tryIp("netns del " + namespace(node));
    }
  }

  private static void tryIp(String line) {
    try {
      ip(List.of(), List.of(line));
    } catch (IOException e) {
      System.err.println(e.getMessage());
    }
  }

  private static void ip(List<String> options, List<String> lines) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(options);
    command.addAll(List.of("-batch", "-"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var input = process.outputWriter(StandardCharsets.UTF_8)) {
      input.write(String.join("\n", lines) + "\n");
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }
}
