package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.store.PostgresFixture;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A short slice of what {@code scripts/firing-kill-test} does at length. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FiringKillsHttpTest {
  private static final long SEED = 20_261_127;

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  @TempDir Path home;

  @Test
  void what_is_due_while_servers_are_killed_is_fired_once() throws Exception {
    FiringCampaign.Result result = new FiringCampaign(postgres, home, SEED, 2, 1_500).run();

    assertThat(result.complaints()).as(result.toString()).isEmpty();
    assertThat(result.owedAtKills()).as("owed when servers were killed").isPositive();
  }
}
