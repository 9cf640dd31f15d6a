package dev.tocsin.store;

import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.Category;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.Transition;
import dev.tocsin.store.AppointmentModel.Change;
import dev.tocsin.store.PlainCalendar.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What random histories of appointments are made of, at the edges more often than chance has it.
 */
final class RandomAppointments {
  /** Before changes of clocks here and there, leap days and the ends of years. */
  private static final List<String> BEGINNINGS =
      List.of(
          "2026-03-06T05:00:00Z",
          "2026-03-27T22:30:00Z",
          "2026-04-02T13:59:59Z",
          "2026-09-04T03:00:00Z",
          "2026-09-25T12:00:00Z",
          "2026-10-02T15:00:00Z",
          "2026-10-23T23:59:59.999999Z",
          "2026-10-31T04:00:00Z",
          "2026-12-28T10:00:00Z",
          "2028-02-26T09:30:00Z");

  private static final List<String> ZONES =
      List.of(
          "UTC",
          "Europe/Paris",
          "America/New_York",
          "America/St_Johns",
          "Australia/Lord_Howe",
          "Pacific/Chatham",
          "Asia/Kathmandu",
          "Asia/Beirut",
          "America/Havana",
          "America/Santiago",
          "Pacific/Kiritimati",
          "Pacific/Pago_Pago");

  private static final List<String> ENTITIES = List.of("Bill", "Plan");
  private static final List<String> FIELDS = List.of("end", "due");
  private final Random random;
  private final Duration lateWindow;

  RandomAppointments(Random random, Duration lateWindow) {
    this.random = random;
    this.lateWindow = lateWindow;
  }

  String beginning() {
    return one(BEGINNINGS);
  }

  String zone() {
    return one(ZONES);
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** A change of an entity, now or, sometimes, before. */
  Change change(Instant now) {
    String entity = one(ENTITIES);
    String id = "e" + random.nextInt(4);
    Instant time = random.nextInt(6) == 0 ? now.minusSeconds(random.nextInt(200_000)) : now;
    int kind = random.nextInt(10);
    Map<String, Value> values = null;
    if (kind > 0) {
      values = new HashMap<>();
      for (String field : FIELDS) {
        if (random.nextInt(5) > 0) {
          values.put(field, value(now));
        }
      }
    }
    return new Change(entity, id, time, values);
  }

  /** The event that tells of it. */
  IncomingEvent event(Change change) {
    if (change.values() == null) {
      return event(change.entity(), change.id(), change.time(), Transition.DELETED, null);
    }
    Transition transition = random.nextInt(3) == 0 ? Transition.CREATED : Transition.UPDATED;
    return event(change.entity(), change.id(), change.time(), transition, change.values());
  }

  private static IncomingEvent event(
      String entity,
      String id,
      Instant time,
      Transition transition,
      @Nullable Map<String, Value> values) {
    String name =
        "configuration."
            + entity.toLowerCase(Locale.ROOT)
            + "."
            + transition.name().toLowerCase(Locale.ROOT);
    String json =
        values == null
            ? null
            : values.entrySet().stream()
                .map(entry -> ",\"%s\":%s".formatted(entry.getKey(), entry.getValue().text()))
                .collect(Collectors.joining("", "{\"id\":\"" + id + "\"", "}"));
    return new IncomingEvent(
        null,
        new EventName(name),
        Category.CONFIGURATION,
        time,
        IncomingEvent.Timing.SENT,
        new EntityRef(entity, id),
        transition,
        null,
        json == null ? null : Samples.payload(json),
        null);
  }

  private Value value(Instant now) {
    return switch (random.nextInt(20)) {
      case 0 -> new Value("\"soon\"", null, null);
      case 1 -> new Value("17", null, null);
      case 2 ->
          day(LocalDate.of(random.nextBoolean() ? 1 : 9999, random.nextBoolean() ? 1 : 12, 31));
      case 3, 4 -> moment(now.minus(lateWindow).plusNanos(1_000L * (random.nextInt(3) - 1)), 0);
      case 5 -> moment(now, random.nextInt(3));
      case 6, 7, 8, 9, 10, 11 ->
          moment(
              now.plusSeconds(random.nextInt(8 * 86_400) - 3 * 86_400L)
                  .plusNanos(random.nextInt(3) == 0 ? random.nextInt(1_000_000_000) : 0),
              random.nextInt(27) - 12);
      case 12 -> moment(wholeHour(now), 0);
      default -> day(LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(random.nextInt(11) - 3));
    };
  }

  private Instant wholeHour(Instant now) {
    long hours = now.getEpochSecond() / 3_600 + random.nextInt(120) - 24;
    return Instant.ofEpochSecond(hours * 3_600 + (random.nextInt(2) * 1_800L));
  }

  private static Value day(LocalDate day) {
    return new Value("\"" + day + "\"", day.toEpochDay(), null);
  }

  private static Value moment(Instant moment, int hoursAhead) {
    OffsetDateTime written = moment.atOffset(ZoneOffset.ofHours(hoursAhead));
    return new Value("\"" + written + "\"", null, moment);
  }

  Content content() {
    String entity = one(ENTITIES);
    int offset = random.nextInt(3) == 0 ? 0 : random.nextInt(7) - 3;
    String name =
        "scheduled." + entity.toLowerCase(Locale.ROOT) + ".n" + random.nextInt(1_000_000_000);
    return new Content(new EventName(name), entity, one(FIELDS), offset);
  }

  /** What histories need of a schema beside what a fixture makes. */
  static void prepare(PostgresFixture postgres, long days) {
    Set<Integer> generations = new HashSet<>();
    for (String beginning : BEGINNINGS) {
      for (int day = -1; day <= days + 8; day++) {
        generations.add(Generations.at(Instant.parse(beginning).plus(Duration.ofDays(day))));
      }
    }
    generations.forEach(generation ->
        postgres.execute(
            "select partition_ensure_generation('idempotency_key', " + generation + ")"));
  }
}
