package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.faults.FaultCampaign.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short slice of what {@code scripts/kill-test} does at length, and the ordinary stop. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FaultHttpTest {
  private static final long SEED = 20_261_124;

  @TempDir Path home;

  @Test
  void what_was_acknowledged_survives_kills_of_server_and_database() throws Exception {
    check(new FaultCampaign(home, SEED, FaultCampaign.KILLS, 6, 4).run());
  }

  @Test
  void a_server_under_load_stops_within_ten_seconds_and_loses_nothing() throws Exception {
    check(new FaultCampaign(home, SEED, List.of(Fault.TERMINATE), 2, 4).run());
  }

  private static void check(Findings findings) {
    assertThat(findings.complaints()).as(findings.toString()).isEmpty();
    assertThat(findings.figures().get("events acknowledged")).isNotEqualTo("0");
  }
}
