package dev.tocsin.deliver;

import dev.tocsin.deliver.Attempted.Next;
import dev.tocsin.webhook.Answer;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Says how a run goes on after an attempt.
 *
 * <p>Every failure but one is tried again until the attempts are used up, whatever its status says.
 * A receiver stands behind proxies, gateways and deployments that answer 401, 403, 404 or 400 for
 * minutes at a time while nothing is wrong with the request; a dunning notice must not be lost to
 * them, and an attempt more costs nothing. Only 410 says that the receiver is gone and wants no
 * more (Standard Webhooks, "operational considerations"). What the last answer was shows in the
 * status meanwhile, so that nobody has to wait for the end to see a wrong secret.
 */
final class RetryPolicy {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int GONE = 410;
  private static final int TOO_MANY_REQUESTS = 429;

  private final List<Duration> delays;
  private final double jitter;
  private final Duration retryAfterMax;
  private final RandomGenerator random;

  RetryPolicy(DeliverSettings settings, RandomGenerator random) {
    this.delays = settings.retryDelays();
    this.jitter = settings.jitter();
    this.retryAfterMax = settings.retryAfterMax();
    this.random = random;
  }

  /**
   * How a run goes on.
   *
   * @param attempt the number of the attempt that was answered so, from 1
   */
  Next after(Answer answer, int attempt) {
    return switch (answer) {
      case Answer.Accepted accepted -> new Next.End(RunStatus.COMPLETE);
      case Answer.Refused refused -> afterRefusal(refused, attempt);
      case Answer.Unsent unsent -> new Next.End(RunStatus.ERROR);
      case Answer.Unreachable unreachable ->
          again(attempt, RunStatus.AWAITING_RETRY, RunStatus.ERROR, null);
      case Answer.TimedOut late ->
          again(attempt, RunStatus.TIMEOUT_LIMIT_EXCEEDED, RunStatus.TIMEOUT_LIMIT_EXCEEDED, null);
    };
  }

  private Next afterRefusal(Answer.Refused refused, int attempt) {
    Duration asked = refused.retryAfter();
    return switch (refused.status()) {
      case GONE -> new Next.End(RunStatus.DISABLED);
      case UNAUTHORIZED, FORBIDDEN ->
          again(attempt, RunStatus.AUTH_FAILED, RunStatus.AUTH_FAILED, asked);
      case TOO_MANY_REQUESTS -> again(attempt, RunStatus.RATE_LIMIT_RETRY, RunStatus.ERROR, asked);
      default -> again(attempt, RunStatus.AWAITING_RETRY, RunStatus.ERROR, asked);
    };
  }

  private Next again(
      int attempt, RunStatus whileWaiting, RunStatus atTheEnd, @Nullable Duration asked) {
    return attempt > delays.size()
        ? new Next.End(atTheEnd)
        : new Next.Retry(whileWaiting, longer(delay(attempt), asked));
  }

  /** Spread at random, so that what failed together does not come back together. */
  private Duration delay(int attempt) {
    double factor = 1 + jitter * (2 * random.nextDouble() - 1);
    return Duration.ofMillis(Math.round(delays.get(attempt - 1).toMillis() * factor));
  }

  private Duration longer(Duration delay, @Nullable Duration asked) {
    if (asked == null) {
      return delay;
    }
    Duration bounded = asked.compareTo(retryAfterMax) < 0 ? asked : retryAfterMax;
    return bounded.compareTo(delay) > 0 ? bounded : delay;
  }
}
