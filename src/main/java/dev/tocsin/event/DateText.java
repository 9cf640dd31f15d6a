package dev.tocsin.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.OffsetDateTime;
import java.time.Year;
import org.jspecify.annotations.Nullable;

/**
 * Reads dates, and dates and times with offset, as {@link LocalDate#parse} and {@link
 * OffsetDateTime#parse} do, and many times as fast when they are plainly right, as nearly all are:
 * every date of every event is read. What is not is left to those two, so they decide.
 */
public final class DateText {
  private static final int DATE_LENGTH = 10;
  private static final int SECONDS_END = 19;
  private static final int NANO_DIGITS_MAX = 9;

  /** Of 18 hours and more the minutes may not be any. */
  private static final int PLAIN_OFFSET_HOURS_MAX = 17;

  private DateText() {}

  /** Whether a text is a date, or a date and time with offset. */
  public static boolean isDate(String text) {
    return date(text) != null || instant(text) != null;
  }

  /** The day that a date without time names; null when the text is none. */
  public static @Nullable LocalDate date(String text) {
    if (text.length() != DATE_LENGTH) {
      return null;
    }
    LocalDate plain = plainDate(text);
    if (plain != null) {
      return plain;
    }
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The moment that a date and time with offset names; null when the text is none. */
  public static @Nullable Instant instant(String text) {
    Instant plain = plainInstant(text);
    if (plain != null) {
      return plain;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * Reads {@code YYYY-MM-DDTHH:MM:SS[.fraction]} with {@code Z} or {@code ±HH:MM}; null for any
   * other text, right or wrong.
   */
  public static @Nullable Instant plainInstant(String text) {
    if (text.length() <= SECONDS_END || !startsWithDate(text) || !startsWithTime(text)) {
      return null;
    }
    int zone = text.charAt(SECONDS_END) == '.' ? fractionEnd(text) : SECONDS_END;
    if (!isOffset(text, zone)) {
      return null;
    }
    long day =
        LocalDate.of(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)).toEpochDay();
    long hours = day * 24 + digits(text, 11, 2);
    long seconds = (hours * 60 + digits(text, 14, 2)) * 60 + digits(text, 17, 2);
    return Instant.ofEpochSecond(seconds - offsetSeconds(text, zone), nanos(text, zone));
  }

  /** Reads {@code YYYY-MM-DD}; null for any other text. */
  public static @Nullable LocalDate plainDate(String text) {
    return text.length() == DATE_LENGTH && startsWithDate(text)
        ? LocalDate.of(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2))
        : null;
  }

  private static boolean startsWithDate(String text) {
    if (text.charAt(4) != '-' || text.charAt(7) != '-') {
      return false;
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 2);
    int day = digits(text, 8, 2);
    return year >= 0
        && month >= 1
        && month <= 12
        && day >= 1
        && day <= Month.of(month).length(Year.isLeap(year));
  }

  private static boolean startsWithTime(String text) {
    return text.charAt(10) == 'T'
        && isUpTo(digits(text, 11, 2), 23)
        && text.charAt(13) == ':'
        && isUpTo(digits(text, 14, 2), 59)
        && text.charAt(16) == ':'
        && isUpTo(digits(text, 17, 2), 59);
  }

  /** Where the digits after the point end; where no offset can be when there are none. */
  private static int fractionEnd(String text) {
    int end = SECONDS_END + 1;
    int most = Math.min(text.length(), end + NANO_DIGITS_MAX);
    while (end < most && digits(text, end, 1) >= 0) {
      end++;
    }
    return end == SECONDS_END + 1 ? text.length() : end;
  }

  private static int nanos(String text, int zone) {
    int nanos = 0;
    for (int digit = 1; digit <= NANO_DIGITS_MAX; digit++) {
      int at = SECONDS_END + digit;
      nanos = nanos * 10 + (at < zone ? digits(text, at, 1) : 0);
    }
    return nanos;
  }

  private static boolean isOffset(String text, int at) {
    int length = text.length() - at;
    if (length == 1) {
      return text.charAt(at) == 'Z';
    }
    return length == 6
        && (text.charAt(at) == '+' || text.charAt(at) == '-')
        && isUpTo(digits(text, at + 1, 2), PLAIN_OFFSET_HOURS_MAX)
        && text.charAt(at + 3) == ':'
        && isUpTo(digits(text, at + 4, 2), 59);
  }

  private static int offsetSeconds(String text, int at) {
    if (text.charAt(at) == 'Z') {
      return 0;
    }
    int seconds = (digits(text, at + 1, 2) * 60 + digits(text, at + 4, 2)) * 60;
    return text.charAt(at) == '-' ? -seconds : seconds;
  }

  private static boolean isUpTo(int value, int max) {
    return value >= 0 && value <= max;
  }

  /** The number that so many ASCII digits make; -1 when one of them is none. */
  private static int digits(String text, int from, int count) {
    int number = 0;
    for (int at = from; at < from + count; at++) {
      int digit = text.charAt(at) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
