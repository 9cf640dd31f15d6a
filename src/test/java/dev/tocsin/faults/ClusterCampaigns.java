package dev.tocsin.faults;

import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Campaign after campaign on one cluster, until all are run or the time is over. */
final class ClusterCampaigns {
  private ClusterCampaigns() {}

  /**
   * {@code ClusterCampaigns <home> <results> <campaigns> <first seed> <seconds of each> <minutes of
   * all>}; ends with 1 when a promise was broken.
   */
  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]).toAbsolutePath();
    Path results = Path.of(arguments[1]);
    int campaigns = Integer.parseInt(arguments[2]);
    long seed = Long.parseLong(arguments[3]);
    int millis = Integer.parseInt(arguments[4]) * 1_000;
    long until = System.nanoTime() + Long.parseLong(arguments[5]) * 60_000_000_000L;
    List<ClusterCampaign.Result> all = new ArrayList<>();
    try (PostgresFixture postgres = PostgresFixture.alone();
        ClusterGround ground = new ClusterGround(postgres, home, Map.of())) {
      System.out.println("nodes in " + ground.network().says());
      for (int i = 0; i < campaigns && System.nanoTime() < until; i++) {
        ClusterCampaign.Result result = new ClusterCampaign(ground, seed + i, millis).run();
        System.out.println(result);
        all.add(result);
        write(results, ground, all);
      }
    }
    long failed = all.stream().filter(result -> !result.complaints().isEmpty()).count();
    System.out.println(all.size() + " campaigns, " + failed + " failed");
    System.exit(failed == 0 ? 0 : 1);
  }

  private static void write(Path results, ClusterGround ground, List<ClusterCampaign.Result> all)
      throws IOException {
    Files.createDirectories(results.toAbsolutePath().getParent());
    JsonArray list = new JsonArray();
    all.forEach(result -> list.add(result.json()));
    Files.writeString(
        results,
        new JsonObject()
            .put("network", ground.network().says())
            .put("campaigns", list)
            .encodePrettily());
  }
}
