package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.faults.ClusterGround.Manner;
import dev.tocsin.store.PostgresFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A short slice of what {@code scripts/cluster-campaign} does at length. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ClusterCampaignHttpTest {
  private static final long SEED = 20_261_127;
  private static final int MILLIS = 6_000;

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  @TempDir Path home;

  @Test
  void three_nodes_keep_every_promise_whatever_happens_to_them() throws Exception {
    try (ClusterGround ground = new ClusterGround(postgres, home, Manner.ORDINARY)) {
      System.out.println("nodes in " + ground.network().says());
      for (long seed : List.of(SEED, System.currentTimeMillis())) {
        ClusterResult result = new ClusterCampaign(ground, seed, MILLIS).run();
        System.out.println(result);
        assertThat(result.complaints()).as(result.toString()).isEmpty();
      }
    }
  }
}
