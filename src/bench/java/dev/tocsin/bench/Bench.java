package dev.tocsin.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs benchmarks: {@code Bench <home> [--quick] [id…]}. Whatever is measured together is run
 * together, so asking for one id may bring its neighbours.
 */
final class Bench {
  private static final Set<String> INGEST = Set.of("raw", "ingest");
  private static final Set<String> LATENCY = Set.of("ack", "webhook");
  private static final Set<String> STREAM = Set.of("stream");
  private static final Set<String> SCHEDULE = Set.of("schedule");
  private static final Set<String> EXPIRE = Set.of("expire");
  private static final Set<String> READ = Set.of("token", "list");
  private static final Set<String> NODES = Set.of("nodes");
  private static final Set<String> KNOWN =
      Stream.of(INGEST, LATENCY, STREAM, SCHEDULE, EXPIRE, READ, NODES)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    List<String> ids = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
    Pace pace = ids.remove("--quick") ? Pace.QUICK : Pace.FULL;
    Set<String> families = families(ids);
    List<Measurement> results = new ArrayList<>();
    Path home = Path.of(arguments[0]);
    if (families.isEmpty() || families.stream().anyMatch(NODES::contains)) {
      add(results, new NodesBenchmark(home.resolve("nodes"), pace).run());
    }
    if (families.isEmpty() || !NODES.containsAll(families)) {
      results.addAll(ofOneServer(home.resolve("server"), families, pace));
    }
    System.out.print(
        new Report(machine(), commit(), results).write(Path.of("target/bench")));
  }

  private static List<Measurement> ofOneServer(Path home, Set<String> families, Pace pace)
      throws Exception {
    List<Measurement> results = new ArrayList<>();
    try (Bed bed = Bed.open(home)) {
      if (families.isEmpty() || families.stream().anyMatch(INGEST::contains)) {
        add(results, new IngestBenchmark(bed, pace).run());
      }
      if (families.isEmpty() || families.stream().anyMatch(LATENCY::contains)) {
        add(results, new LatencyBenchmark(bed, pace).run());
      }
      if (families.isEmpty() || families.stream().anyMatch(STREAM::contains)) {
        add(results, new StreamBenchmark(bed, pace).run());
      }
      if (families.isEmpty() || families.stream().anyMatch(SCHEDULE::contains)) {
        add(results, new ScheduleBenchmark(bed, pace).run());
      }
      if (families.isEmpty() || families.stream().anyMatch(EXPIRE::contains)) {
        add(results, new ExpireBenchmark(bed, pace).run());
      }
      if (families.isEmpty() || families.stream().anyMatch(READ::contains)) {
        add(results, new ReadBenchmark(bed, pace).run());
      }
    }
    return results;
  }

  /** Said at once: what comes after may fail. */
  private static void add(List<Measurement> results, List<Measurement> more) {
    more.forEach(one -> System.err.printf("%s %.4g %s%n", one.id(), one.value(), one.unit()));
    results.addAll(more);
  }

  /** What stands before the first underscore of each id. */
  private static Set<String> families(List<String> ids) {
    Set<String> families = new TreeSet<>();
    for (String id : ids) {
      String family = id.replaceFirst("_.*", "");
      if (!KNOWN.contains(family)) {
        throw new IllegalArgumentException("no benchmark is called " + id);
      }
      families.add(family);
    }
    return families;
  }

  private static String machine() throws IOException {
    String model =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("unknown processor");
    return Runtime.getRuntime().availableProcessors()
        + " x "
        + model
        + ", JDK "
        + Runtime.version();
  }

  private static String commit() throws IOException {
    Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
    return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
