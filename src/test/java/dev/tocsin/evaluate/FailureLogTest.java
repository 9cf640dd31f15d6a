package dev.tocsin.evaluate;

import static dev.tocsin.evaluate.Samples.organization;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FailureLogTest {
  private static final OrganizationId ACME = organization(1);
  private static final RuleId RULE = new RuleId(new UUID(1, 1));

  private Instant now = Samples.NOW;
  private final FailureLog failures = new FailureLog(() -> now);

  @Test
  void a_rule_that_goes_on_failing_is_told_once_a_minute() {
    assertThat(failures.isDue(ACME, RULE)).isTrue();
    assertThat(failures.isDue(ACME, RULE)).isFalse();

    now = now.plus(FailureLog.QUIET).minusMillis(1);
    assertThat(failures.isDue(ACME, RULE)).isFalse();

    now = now.plusMillis(1);
    assertThat(failures.isDue(ACME, RULE)).isTrue();
    assertThat(failures.isDue(ACME, RULE)).isFalse();
  }

  @Test
  void a_rule_that_fails_all_the_time_hides_no_other() {
    failures.isDue(ACME, RULE);

    assertThat(failures.isDue(ACME, new RuleId(new UUID(1, 2)))).isTrue();
    assertThat(failures.isDue(organization(2), RULE)).isTrue();
  }

  /** The database's clock is set again and again, and may then go back a little. */
  @Test
  void a_clock_that_steps_back_tells_nothing_twice() {
    failures.isDue(ACME, RULE);
    now = now.minusSeconds(1);

    assertThat(failures.isDue(ACME, RULE)).isFalse();
  }
}
