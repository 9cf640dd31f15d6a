package dev.tocsin.api;

import dev.tocsin.api.IntegrationRun.Attempt;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes integration runs in m3ter's form, and what it does not have: of what a run tells, which
 * attempts were made, and its log.
 */
final class IntegrationRunJson {
  private IntegrationRunJson() {}

  /** What happened to a run, and when. */
  private record Line(Instant time, String message) {}

  /** Appends one as lists have it. */
  static void append(JsonText out, IntegrationRun run) {
    appendProperties(out.open(), run);
    out.close();
  }

  /** Appends one with its attempts and its log. */
  static void append(JsonText out, IntegrationRuns.Told told) {
    appendProperties(out.open(), told.run());
    out.openArray("attempts");
    told.attempts().forEach(attempt -> append(out, attempt));
    out.closeArray().openArray("log");
    for (Line line : log(told)) {
      out.open().text("time", line.time().toString()).text("message", line.message()).close();
    }
    out.closeArray().close();
  }

  /** The log as m3ter hands it out: {@code {"Payload": <its text in base64>}}. */
  static String payload(IntegrationRuns.Told told) {
    String text =
        log(told).stream()
            .map(line -> line.time() + " " + line.message() + "\n")
            .collect(Collectors.joining());
    String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    return new JsonText().open().text("Payload", encoded).close().toString();
  }

  private static void appendProperties(JsonText out, IntegrationRun run) {
    IntegrationRun.What what = run.what();
    out.text("id", run.id().toString())
        .text("entityType", "Notification")
        .text("entityId", what.rule().toString())
        .text("status", run.status().name())
        .text("destination", "Webhook")
        .text("destinationId", what.webhook().toString())
        .text("url", run.url())
        .text("dtStarted", text(run.started()))
        .text("dtCompleted", text(run.completed()))
        .text("error", run.error())
        .text("parentIntegrationRunId", run.parent() == null ? null : run.parent().toString())
        .text("integrationConfigId", what.integration().toString())
        .text("notificationId", what.rule().toString())
        .text("eventId", what.cause().toString())
        .text("notificationEventId", what.notification().toString())
        .number("attemptCount", run.attempts());
    if (run.status() != IntegrationRunStatus.STARTED) {
      out.text("dtNextAttempt", text(run.due()));
    }
    AuditJson.append(
        out,
        new Audit(
            Math.max(1, run.version()), run.created(), run.lastModified(), "system", "system"));
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static void append(JsonText out, Attempt attempt) {
    out.open()
        .number("attempt", attempt.number())
        .text("dtStarted", attempt.started().toString())
        .number("durationMillis", attempt.duration().toMillis());
    if (attempt.responseStatus() != null) {
      out.number("responseStatus", attempt.responseStatus());
    }
    out.text("error", attempt.error()).text("response", attempt.response()).close();
  }

  private static List<Line> log(IntegrationRuns.Told told) {
    IntegrationRun run = told.run();
    List<Line> log = new ArrayList<>();
    String made =
        run.parent() == null
            ? "made by notification configuration " + run.what().rule()
            : "made as a replay of run " + run.parent();
    log.add(new Line(run.created(), made + ", which fired on event " + run.what().cause()));
    for (Attempt attempt : told.attempts()) {
      String outcome =
          attempt.error() == null
              ? "the receiver answered " + attempt.responseStatus()
              : attempt.error();
      log.add(
          new Line(
              attempt.started().plus(attempt.duration()),
              "attempt %d took %d ms: %s"
                  .formatted(attempt.number(), attempt.duration().toMillis(), outcome)));
    }
    if (run.completed() != null) {
      String why = run.error() == null ? "" : ": " + run.error();
      log.add(new Line(run.completed(), "ended as " + run.status() + why));
    }
    return log;
  }
}
