package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short slice of what {@code scripts/rule-changes} does at length. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RuleChangesHttpTest {
  private static final long SEED = 20_261_124;

  @TempDir Path home;

  @Test
  void every_event_is_judged_by_the_rules_of_one_moment_of_its_time() throws Exception {
    RuleChangeCampaign.Result result = new RuleChangeCampaign(home, SEED, 60, 1_000).run();
    assertThat(result.wrong()).as(result.toString()).isZero();
    assertThat(result.figures().get("of these, told states apart")).isNotEqualTo("0");
  }
}
