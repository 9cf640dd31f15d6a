package dev.tocsin.process;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How to start a server: which code, with which variables, on which port. A plan can be started any
 * number of times, one after another, and the server is then found at the same address with the
 * same data.
 *
 * @param command the program and its arguments
 * @param home where {@code data/} and {@code server.log} are; belongs to this server alone
 * @param port where it listens
 * @param variables what it finds in its environment, beside this process's own variables
 */
public record ServerPlan(List<String> command, Path home, int port, Map<String, String> variables) {
  public ServerPlan {
    command = List.copyOf(command);
    home = home.toAbsolutePath().normalize();
    variables = Map.copyOf(variables);
  }

  /** A server of the classes that this process runs with, with the shipped configuration. */
  public static ServerPlan ofClassPath(Path home) throws IOException {
    return of(home, List.of("-cp", System.getProperty("java.class.path"), "dev.tocsin.app.Main"));
  }

  /** A server as it is shipped, with the shipped configuration. */
  public static ServerPlan ofJar(Path jar, Path home) throws IOException {
    return of(home, List.of("-jar", jar.toAbsolutePath().toString()));
  }

  private static ServerPlan of(Path home, List<String> program) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("conf", "jvm.options").toAbsolutePath());
    command.addAll(program);
    return new ServerPlan(
        command,
        home,
        FreePorts.one(),
        Map.of(
            "TOCSIN_CONF", Path.of("conf").toAbsolutePath().toString(),
            "DEMO_SECRET", ApiClient.Account.DEMO.secret()));
  }

  /** The same, with a variable set. */
  public ServerPlan with(String variable, String value) {
    Map<String, String> more = new HashMap<>(variables);
    more.put(variable, value);
    return new ServerPlan(command, home, port, more);
  }

  /**
   * The same, started by another program, which gets the server's command as its last arguments.
   */
  public ServerPlan startedBy(List<String> program) {
    List<String> whole = new ArrayList<>(program);
    whole.addAll(command);
    return new ServerPlan(whole, home, port, variables);
  }

  /** The same at a port. */
  public ServerPlan at(int otherPort) {
    return new ServerPlan(command, home, otherPort, variables);
  }

  /** Where it answers HTTP: on the loopback address, unless its variables say otherwise. */
  public URI address() {
    return URI.create(
        "http://" + variables.getOrDefault("TOCSIN_HTTP_HOST", "127.0.0.1") + ":" + port);
  }

  /** The same, with what an operator set that the plan has no value of its own for. */
  public ServerPlan withSettingsOf(Map<String, String> environment) {
    Map<String, String> more = new HashMap<>(environment);
    more.keySet().removeIf(variable -> !variable.startsWith("TOCSIN_"));
    more.remove("TOCSIN_HTTP_PORT");
    more.putAll(variables);
    return new ServerPlan(command, home, port, more);
  }

  /** Where the server keeps its data. */
  public Path data() {
    return home.resolve("data");
  }

  /** What it wrote to its output, over all starts. */
  public Path log() {
    return home.resolve("server.log");
  }

  /** The variables of the child: no setting of whoever runs this one gets in. */
  Map<String, String> environment(Map<String, String> own) {
    Map<String, String> environment = new HashMap<>(own);
    environment.keySet().removeIf(variable -> variable.startsWith("TOCSIN_"));
    environment.put("TOCSIN_DATA", data().toString());
    environment.put("TOCSIN_HTTP_HOST", "127.0.0.1");
    environment.put("TOCSIN_HTTP_PORT", Integer.toString(port));
    // Receivers of tests stand beside the server, where webhooks may not go by default.
    environment.put("TOCSIN_DELIVERY_ALLOWED_NETWORKS", "127.0.0.0/8");
    environment.putAll(variables);
    return environment;
  }
}
