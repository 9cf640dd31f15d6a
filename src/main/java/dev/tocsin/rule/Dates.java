package dev.tocsin.rule;

import dev.tocsin.event.DateText;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * What the functions of dates mean. A date is a text as in an event's fields, {@code 2026-11-23} or
 * {@code 2026-11-23T10:00:00Z} with any offset; its day is the one in UTC. A time is written as
 * m3ter's {@code DateTime.TS_FMT} says, in UTC, so that such texts come in the order of time.
 */
final class Dates {
  /** The value of {@code DateTime.TS_FMT}. */
  static final String FORMAT = "yyyy-MM-dd'T'HH:mm:ss.SSSX";

  private static final DateTimeFormatter WRITTEN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

  private static final int YEAR_MAX = 9999;
  private static final int DAYS_MAX = 4_000_000;

  private Dates() {}

  static String text(Instant time) {
    return WRITTEN.format(time);
  }

  /** The day alone. */
  static Object date(Object value) {
    LocalDate day = dayOf("date", value);
    requireWritable("date", day.getYear());
    return day.toString();
  }

  /** From the first date's day to the second's; negative if that is earlier. */
  static Object daysBetween(Object first, Object second) {
    LocalDate from = dayOf("daysBetween", first);
    return ChronoUnit.DAYS.between(from, dayOf("daysBetween", second));
  }

  /** So many days later; a time at the same time of the day in UTC. */
  static Object plusDays(Object value, Object number) {
    long days = days(number);
    Instant time = DateText.plainInstant(text("plusDays", value));
    if (time != null) {
      Instant later = time.plus(days, ChronoUnit.DAYS);
      requireWritable("plusDays", later.atOffset(ZoneOffset.UTC).getYear());
      return text(later);
    }
    LocalDate later = dayOf("plusDays", value).plusDays(days);
    requireWritable("plusDays", later.getYear());
    return later.toString();
  }

  /** Monday is 1, Sunday is 7. */
  static Object dayOfWeek(Object value) {
    return (long) dayOf("dayOfWeek", value).getDayOfWeek().getValue();
  }

  static Object year(Object value) {
    return (long) dayOf("year", value).getYear();
  }

  static Object month(Object value) {
    return (long) dayOf("month", value).getMonthValue();
  }

  static Object day(Object value) {
    return (long) dayOf("day", value).getDayOfMonth();
  }

  private static LocalDate dayOf(String function, Object value) {
    String text = text(function, value);
    LocalDate day = DateText.plainDate(text);
    if (day != null) {
      return day;
    }
    Instant time = DateText.plainInstant(text);
    if (time == null) {
      throw new EvaluationFailure(
          function + " needs a date such as 2026-11-23 or 2026-11-23T10:00:00Z", text);
    }
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }

  private static String text(String function, Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new EvaluationFailure(
        "%s needs a date, and has %s".formatted(function, Kind.of(value).words()), value);
  }

  private static long days(Object number) {
    if (number instanceof Long days && days >= -DAYS_MAX && days <= DAYS_MAX) {
      return days;
    }
    if (number instanceof BigDecimal days
        && days.abs().compareTo(BigDecimal.valueOf(DAYS_MAX)) <= 0
        && Casts.isWhole(days)) {
      return days.longValueExact();
    }
    throw new EvaluationFailure(
        "plusDays needs a whole number of days, %d at most".formatted(DAYS_MAX), number);
  }

  private static void requireWritable(String function, int year) {
    if (year < 0 || year > YEAR_MAX) {
      throw new EvaluationFailure("%s gives years from 0 to %d only".formatted(function, YEAR_MAX));
    }
  }
}
