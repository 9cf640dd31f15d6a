package dev.tocsin.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Certificates and keys as an operator makes them: by the script that is shipped. */
public final class ClusterKeys {
  private ClusterKeys() {}

  /** An authority with certificates for these hosts, in a directory that may have it already. */
  public static Path make(Path directory, String... hosts) throws IOException {
    return make(directory, Map.of(), hosts);
  }

  /** The same, with variables that the script reads. */
  static Path make(Path directory, Map<String, String> variables, String... hosts)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("scripts/cluster-keys", directory.toString()));
    command.addAll(List.of(hosts));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(variables);
    Process script = builder.start();
    String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (script.onExit().join().exitValue() != 0) {
      throw new IOException("scripts/cluster-keys: " + said);
    }
    return directory;
  }

  /** The files of a host. */
  static ClusterSettings.Keys of(Path directory, String host) {
    return new ClusterSettings.Keys(
        directory.resolve(host + ".pem"),
        directory.resolve(host + ".key"),
        directory.resolve("authority.pem"));
  }

  /** The files of a host, as settings name them. */
  public static Map<String, String> settings(Path directory, String host) {
    return Map.of(
        "TOCSIN_CLUSTER_CERTIFICATE", directory.resolve(host + ".pem").toString(),
        "TOCSIN_CLUSTER_KEY", directory.resolve(host + ".key").toString(),
        "TOCSIN_CLUSTER_AUTHORITY", directory.resolve("authority.pem").toString());
  }
}
