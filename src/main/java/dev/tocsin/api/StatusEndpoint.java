package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.event.Horizon;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a notification configuration did, at {@code notifications/configurations/{id}/status}: in
 * all and on each of the days that events are kept, the newest first.
 */
final class StatusEndpoint {
  private final RuleStatuses store;
  private final Horizon horizon;
  private final InstantSource clock;

  StatusEndpoint(RuleStatuses store, Horizon horizon, InstantSource clock) {
    this.store = store;
    this.horizon = horizon;
    this.clock = clock;
  }

  Endpoint endpoint() {
    return new Endpoint(
        HttpMethod.GET,
        NotificationResource.PATH + "/:id/status",
        Need.retrieve(Kind.NOTIFICATION_CONFIGURATION),
        this::status);
  }

  private Answer status(Call call) {
    UUID id = call.id();
    if (id == null) {
      return ApiError.missing();
    }
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    LocalDate first = firstDay(call.caller().organization());
    return store
        .find(Viewer.of(call), new RuleId(id), first)
        .map(days -> shown(id, first, today, days))
        .orElse(ApiError.missing());
  }

  /**
   * With the day on which events expire at this moment, there would be one more than they are kept.
   */
  private LocalDate firstDay(OrganizationId organization) {
    Instant oldest = horizon.of(organization).created();
    return LocalDate.ofInstant(oldest, ZoneOffset.UTC).plusDays(1);
  }

  private static Answer shown(UUID id, LocalDate first, LocalDate today, List<RuleDay> days) {
    JsonText out = new JsonText(4_096).open().text("id", id.toString());
    out.number("evaluated", sum(days, RuleDay::evaluated));
    out.number("fired", sum(days, RuleDay::fired));
    out.number("errors", sum(days, RuleDay::errors));
    append(
        out,
        days.stream().map(RuleDay::lastError).filter(Objects::nonNull).findFirst().orElse(null));
    out.openArray("days");
    Map<LocalDate, RuleDay> byDay =
        days.stream().collect(Collectors.toMap(RuleDay::day, Function.identity()));
    for (LocalDate day = today; !day.isBefore(first); day = day.minusDays(1)) {
      append(out, byDay.getOrDefault(day, new RuleDay(day, 0, 0, 0, null)));
    }
    return new Answer.Ok(out.closeArray().close().toString());
  }

  private static long sum(List<RuleDay> days, ToLongFunction<RuleDay> of) {
    return days.stream().mapToLong(of).sum();
  }

  private static void append(JsonText out, RuleDay day) {
    out.open()
        .text("day", day.day().toString())
        .number("evaluated", day.evaluated())
        .number("fired", day.fired())
        .number("errors", day.errors());
    append(out, day.lastError());
    out.close();
  }

  private static void append(JsonText out, RuleDay.@Nullable LastError error) {
    if (error != null) {
      out.open("lastError")
          .text("message", error.message())
          .text("eventId", error.event().toString())
          .text("dtOccurred", error.occurred().toString())
          .close();
    }
  }
}
