package dev.tocsin.faults;

import dev.tocsin.process.ServerProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Locale;

/** A server's meters at some moment, in Prometheus' form. */
record ServerMeters(String text) {
  private static final double MIB = 1 << 20;

  static ServerMeters read(ServerProcess server) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(server.address().resolve("/metrics")).build();
      return new ServerMeters(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
  }

  /** Likewise, after full collections, so that what is left is what is kept. */
  static ServerMeters afterCollection(ServerProcess server)
      throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    // The first clears what is weakly held, the second what that held.
    for (int i = 0; i < 2; i++) {
      Process collection =
          new ProcessBuilder(jcmd, Long.toString(server.handle().pid()), "GC.run")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (collection.waitFor() != 0) {
        throw new IOException("jcmd GC.run ended with " + collection.exitValue());
      }
    }
    return read(server);
  }

  /** The sum of all series of a meter whose labels contain a text. */
  double sum(String meter, String labels) {
    return text.lines()
        .filter(line -> isOf(line, meter) && line.contains(labels))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static boolean isOf(String line, String meter) {
    return line.startsWith(meter + "{") || line.startsWith(meter + " ");
  }

  double sum(String meter) {
    return sum(meter, "");
  }

  /** What the server keeps. */
  String kept() {
    return String.format(
        Locale.ROOT,
        "classes %.0f, metaspace %.1f MiB, heap %.1f MiB",
        sum("jvm_classes_loaded_classes"),
        sum("jvm_memory_used_bytes", "id=\"Metaspace\"") / MIB,
        sum("jvm_memory_used_bytes", "area=\"heap\"") / MIB);
  }
}
