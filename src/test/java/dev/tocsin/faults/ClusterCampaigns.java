package dev.tocsin.faults;

import dev.tocsin.faults.ClusterGround.Manner;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Campaign after campaign on one cluster, until all are run or the time is over. */
final class ClusterCampaigns {
  private static final ClusterPace.Measured NOTHING_MEASURED = new ClusterPace.Measured(Map.of());

  private ClusterCampaigns() {}

  /**
   * {@code ClusterCampaigns <home> <results> <campaigns> <first seed> <seconds of each> <minutes of
   * all> <alive or dead> [what is spoiled]}; ends with 1 when a promise was broken, or none was
   * tried. Writes the pid of its PostgreSQL to {@code home/postgresql}, for whoever cleans up.
   */
  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]).toAbsolutePath();
    Path results = Path.of(arguments[1]);
    int campaigns = Integer.parseInt(arguments[2]);
    long seed = Long.parseLong(arguments[3]);
    int millis = Integer.parseInt(arguments[4]) * 1_000;
    long until = System.nanoTime() + Long.parseLong(arguments[5]) * 60_000_000_000L;
    Manner manner =
        new Manner(
            arguments[6].equals("dead"),
            arguments.length > 7 ? Spoiled.valueOf(arguments[7].toUpperCase(Locale.ROOT)) : null);
    List<ClusterResult> all = new ArrayList<>();
    boolean isMeasured = true;
    try (PostgresFixture postgres = PostgresFixture.alone()) {
      Files.writeString(home.resolve("postgresql"), postmaster(postgres));
      try (ClusterGround ground = new ClusterGround(postgres, home, manner)) {
        System.out.println("nodes in " + ground.network().says() + ", the bus is " + arguments[6]);
        ClusterPace.Measured pace = manner.spoiled() == null ? pace(ground) : NOTHING_MEASURED;
        isMeasured = manner.spoiled() != null || !pace.micros().isEmpty();
        for (int i = 0; i < campaigns && System.nanoTime() < until; i++) {
          ClusterResult result = run(ground, seed + i, millis);
          System.out.println(result);
          all.add(result);
          write(results, ground, pace, all);
        }
      }
    }
    System.out.print(summary(all));
    boolean isKept = all.stream().allMatch(result -> result.complaints().isEmpty());
    System.exit(isKept && isMeasured && !all.isEmpty() ? 0 : 1);
  }

  /** The pid of PostgreSQL itself. */
  private static String postmaster(PostgresFixture postgres) {
    return postgres.value("select split_part(pg_read_file('postmaster.pid'), chr(10), 1)");
  }

  /** What cannot be measured is a failure of this run, and no reason not to try the promises. */
  private static ClusterPace.Measured pace(ClusterGround ground) throws InterruptedException {
    try {
      ClusterPace.Measured pace = new ClusterPace(ground).measure();
      System.out.print(pace);
      return pace;
    } catch (IOException e) {
      System.out.println("FAILED: the pace could not be measured: " + e.getMessage());
      return NOTHING_MEASURED;
    }
  }

  /** A campaign that cannot be brought to its end has failed, and others go on. */
  private static ClusterResult run(ClusterGround ground, long seed, int millis)
      throws InterruptedException {
    ClusterCampaign campaign = new ClusterCampaign(ground, seed, millis);
    try {
      return campaign.run();
    } catch (IOException | RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      return campaign.failed(trace.toString());
    }
  }

  private static String summary(List<ClusterResult> all) {
    Map<String, Long> sums = new LinkedHashMap<>();
    all.forEach(
        result -> result.figures().forEach((name, value) -> sums.merge(name, value, Long::sum)));
    List<Long> failed =
        all.stream()
            .filter(result -> !result.complaints().isEmpty())
            .map(ClusterResult::seed)
            .toList();
    StringBuilder text = new StringBuilder("\nall campaigns together\n");
    sums.forEach((name, value) -> text.append(String.format("  %-24s %d%n", name, value)));
    text.append(all.size()).append(" campaigns, ").append(failed.size()).append(" failed");
    return text + (failed.isEmpty() ? "\n" : ": seeds " + failed + "\n");
  }

  private static void write(
      Path results, ClusterGround ground, ClusterPace.Measured pace, List<ClusterResult> all)
      throws IOException {
    Files.createDirectories(results.toAbsolutePath().getParent());
    JsonArray list = new JsonArray();
    all.forEach(result -> list.add(result.json()));
    Files.writeString(
        results,
        new JsonObject()
            .put("network", ground.network().says())
            .put("busIsDead", ground.manner().busIsDead())
            .put("millis", pace.json())
            .put("failed", all.stream().filter(result -> !result.complaints().isEmpty()).count())
            .put("campaigns", list)
            .encodePrettily());
  }
}
