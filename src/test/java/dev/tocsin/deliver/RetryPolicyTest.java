package dev.tocsin.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.deliver.Attempted.Next;
import dev.tocsin.webhook.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration SECOND = Duration.ofMinutes(1);

  @ParameterizedTest
  @CsvSource({
    // answer, while attempts are left, when they are used up
    "400, AWAITING_RETRY, ERROR",
    "401, AUTH_FAILED, AUTH_FAILED",
    "403, AUTH_FAILED, AUTH_FAILED",
    "404, AWAITING_RETRY, ERROR",
    "422, AWAITING_RETRY, ERROR",
    "429, RATE_LIMIT_RETRY, ERROR",
    "301, AWAITING_RETRY, ERROR",
    "304, AWAITING_RETRY, ERROR",
    "500, AWAITING_RETRY, ERROR",
    "503, AWAITING_RETRY, ERROR",
    "0, AWAITING_RETRY, ERROR",
    "-1, TIMEOUT_LIMIT_EXCEEDED, TIMEOUT_LIMIT_EXCEEDED",
  })
  void every_failure_is_tried_again_until_the_attempts_are_used_up(
      int answer, RunStatus waiting, RunStatus atTheEnd) {
    RetryPolicy policy = policy(0);

    assertThat(policy.after(answer(answer), 1)).isEqualTo(new Next.Retry(waiting, FIRST));
    assertThat(policy.after(answer(answer), 2)).isEqualTo(new Next.Retry(waiting, SECOND));
    assertThat(policy.after(answer(answer), 3)).isEqualTo(new Next.End(atTheEnd));
  }

  @ParameterizedTest
  @CsvSource({"200, COMPLETE", "204, COMPLETE", "299, COMPLETE", "410, DISABLED"})
  void success_and_a_receiver_that_is_gone_end_the_run_at_once(int answer, RunStatus status) {
    assertThat(policy(0).after(answer(answer), 1)).isEqualTo(new Next.End(status));
  }

  @Test
  void a_receiver_that_asks_for_more_time_gets_it_up_to_a_bound() {
    assertThat(retry(policy(0), Duration.ofSeconds(40))).isEqualTo(Duration.ofSeconds(40));
    assertThat(retry(policy(0), Duration.ofDays(400))).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void a_receiver_that_asks_for_less_time_waits_like_any_other() {
    assertThat(retry(policy(0), Duration.ZERO)).isEqualTo(FIRST);
  }

  @Test
  void delays_are_spread_within_the_jitter() {
    RetryPolicy policy = policy(0.2);
    List<Duration> delays = Stream.generate(() -> retry(policy, null)).limit(1_000).toList();

    assertThat(delays).allMatch(d -> d.toMillis() >= 4_000 && d.toMillis() <= 6_000);
    assertThat(delays).anyMatch(d -> d.toMillis() < 4_200).anyMatch(d -> d.toMillis() > 5_800);
  }

  private static Duration retry(RetryPolicy policy, @Nullable Duration asked) {
    return ((Next.Retry) policy.after(new Answer.Refused(429, "", asked), 1)).after();
  }

  private static RetryPolicy policy(double jitter) {
    return new RetryPolicy(
        new DeliverSettings(
            Duration.ofSeconds(15),
            1,
            1,
            1,
            1,
            1,
            1,
            List.of(FIRST, SECOND),
            jitter,
            Duration.ofHours(1),
            1,
            1),
        new Random(42));
  }

  /** By status; 0 is a receiver that cannot be reached, -1 one that does not answer in time. */
  private static Answer answer(int status) {
    return switch (status) {
      case 0 -> new Answer.Unreachable("the connection was refused");
      case -1 -> new Answer.TimedOut();
      default ->
          status / 100 == 2
              ? new Answer.Accepted(status, "")
              : new Answer.Refused(status, "", null);
    };
  }
}
