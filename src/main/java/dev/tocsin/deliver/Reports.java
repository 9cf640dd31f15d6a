package dev.tocsin.deliver;

import dev.tocsin.deliver.Attempted.Next;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.webhook.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts an attempt into words: for the run's reader, for the log, and as numbers. */
final class Reports {
  private static final Logger log = LoggerFactory.getLogger(Reports.class);

  private final Duration timeout;
  private final MeterRegistry meters;
  private final Timer accepted;
  private final Timer refused;
  private final Timer unreachable;
  private final Timer timedOut;

  Reports(Duration timeout, MeterRegistry meters) {
    this.timeout = timeout;
    this.meters = meters;
    this.accepted = meters.timer("tocsin.deliver.attempts", "answer", "accepted");
    this.refused = meters.timer("tocsin.deliver.attempts", "answer", "refused");
    this.unreachable = meters.timer("tocsin.deliver.attempts", "answer", "unreachable");
    this.timedOut = meters.timer("tocsin.deliver.attempts", "answer", "timeout");
  }

  /** An attempt as it will be written down. */
  Attempted attempted(LeasedRun run, Instant started, Duration took, Answer answer, Next next) {
    Attempted attempted =
        switch (answer) {
          case Answer.Accepted a -> {
            accepted.record(took);
            yield new Attempted(run, started, took, a.status(), null, a.body(), next);
          }
          case Answer.Refused r -> {
            refused.record(took);
            String error = "the receiver answered " + r.status();
            yield new Attempted(run, started, took, r.status(), error, r.body(), next);
          }
          case Answer.Unsent u -> new Attempted(run, started, took, null, u.reason(), null, next);
          case Answer.Unreachable u -> {
            unreachable.record(took);
            yield new Attempted(run, started, took, null, u.reason(), null, next);
          }
          case Answer.TimedOut t -> {
            timedOut.record(took);
            String error = "the receiver did not answer within " + seconds(timeout) + " s";
            yield new Attempted(run, started, took, null, error, null, next);
          }
        };
    tell(attempted);
    return attempted;
  }

  private static String seconds(Duration duration) {
    String seconds = Double.toString(duration.toMillis() / 1_000.0);
    return seconds.endsWith(".0") ? seconds.substring(0, seconds.length() - 2) : seconds;
  }

  private void tell(Attempted attempted) {
    LeasedRun run = attempted.run();
    switch (attempted.next()) {
      case Next.End end -> {
        meters.counter("tocsin.deliver.ended", "status", end.status().name()).increment();
        if (end.status() != RunStatus.COMPLETE) {
          log.warn(
              "run failed organization={} run={} webhook={} attempts={} status={} cause=\"{}\"",
              run.organization(),
              run.id(),
              run.destination().id(),
              run.attempt(),
              end.status(),
              attempted.error());
        }
      }
      case Next.Retry retry ->
          log.debug(
              "run waits organization={} run={} webhook={} attempt={} status={} after={}",
              run.organization(),
              run.id(),
              run.destination().id(),
              run.attempt(),
              retry.status(),
              retry.after());
    }
  }
}
