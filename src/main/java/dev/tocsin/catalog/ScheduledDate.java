package dev.tocsin.catalog;

import dev.tocsin.event.DateText;
import dev.tocsin.event.Payload;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The date that a scheduled event configuration waits for.
 *
 * @param configuration whose date it is
 * @param arming the configuration's: grows with each change of what is below
 * @param entity as the catalog names it, such as {@code Bill}
 * @param field of the entity's state, at the top
 * @param offset how many days after that date, or before it when negative; days of the
 *     organization's calendar
 */
public record ScheduledDate(
    UUID configuration, long arming, String entity, String field, int offset) {
  private static final Instant FIRST = LocalDateTime.of(1, 1, 1, 0, 0).toInstant(ZoneOffset.UTC);
  private static final Instant END = LocalDateTime.of(10_000, 1, 1, 0, 0).toInstant(ZoneOffset.UTC);

  public ScheduledDate {
    Objects.requireNonNull(configuration);
    Objects.requireNonNull(entity);
    Objects.requireNonNull(field);
  }

  /**
   * An appointment.
   *
   * @param value the date as the state has it
   * @param at when it is due, in whole microseconds, as it is stored
   */
  public record Due(String value, Instant at) {
    public Due {
      Objects.requireNonNull(value);
      Objects.requireNonNull(at);
    }
  }

  /**
   * The appointment that a state makes; null when it has no such date, or one that leads out of the
   * years 1 to 9999.
   *
   * @param zone the organization's: a date and time keeps its time of day there over the offset,
   *     and a date alone is the first moment of its day there. A time that the clock skips is moved
   *     by as much as it skips; of one that comes twice it is the one with the offset of the date
   *     itself, or else the first
   */
  public @Nullable Due due(Payload state, ZoneId zone) {
    return state.fields().get(field) instanceof String value ? due(value, zone) : null;
  }

  private @Nullable Due due(String value, ZoneId zone) {
    LocalDate day = DateText.date(value);
    Instant moment = day == null ? DateText.instant(value) : null;
    ZonedDateTime due;
    if (day != null) {
      due = day.plusDays(offset).atStartOfDay(zone);
    } else if (moment != null && isReachable(moment)) {
      due = ZonedDateTime.ofInstant(moment, zone).plusDays(offset);
    } else {
      return null;
    }
    Instant at = due.toInstant().truncatedTo(ChronoUnit.MICROS);
    return isReachable(at) ? new Due(value, at) : null;
  }

  private static boolean isReachable(Instant moment) {
    return !moment.isBefore(FIRST) && moment.isBefore(END);
  }
}
