package dev.tocsin.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateTextTest {
  private static final int TEXTS = 50_000;
  private static final String NEAR = "0123456789:-+.,TtZz /\u0661";

  @ParameterizedTest
  @CsvSource({
    "2026-11-23T08:00:00Z, 2026-11-23T08:00:00Z",
    "2026-11-23T08:00:00.5Z, 2026-11-23T08:00:00.500Z",
    "2026-11-23T08:00:00.123456789Z, 2026-11-23T08:00:00.123456789Z",
    "2026-11-23T00:30:00+01:00, 2026-11-22T23:30:00Z",
    "2026-11-23T23:30:59.001-05:45, 2026-11-24T05:15:59.001Z",
    "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
    "0000-02-29T00:00:00-00:00, 0000-02-29T00:00:00Z"
  })
  void what_is_plainly_right_is_read_without_the_slow_way(String text, Instant expected) {
    assertThat(DateText.plainInstant(text)).isEqualTo(expected);
    assertThat(DateText.isDate(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-23t08:00:00z",
        "2026-11-23T08:00Z",
        "2026-11-23T08:00:00+18:00",
        "2026-11-23T08:00:00+01:00:30",
        "+12026-11-23T08:00:00Z"
      })
  void what_is_right_and_seldom_is_read_the_slow_way(String text) {
    assertThat(DateText.plainInstant(text)).isNull();
    assertThat(DateText.instant(text)).isEqualTo(slowInstant(text)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026",
        "2026-02-29",
        "2026-04-31",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "1900-02-29T00:00:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T08:60:00Z",
        "2026-11-23T08:00:60Z",
        "2026-11-23T08:00:00",
        "2026-11-23T08:00:00.",
        "2026-11-23T08:00:00.1234567890Z",
        "2026-11-23T08:00:00+18:01",
        "2026-11-23T08:00:00+0100",
        "2026-11-23T08:00:00ZZ",
        "2026-11-23 08:00:00Z"
      })
  void what_is_wrong_is_neither(String text) {
    assertThat(DateText.isDate(text)).isFalse();
    assertThat(slowIsDate(text)).isFalse();
  }

  /** Texts near the format, of which about half are right, read as java.time reads them. */
  @Test
  void every_text_is_read_as_the_slow_way_reads_it() {
    RandomGenerator random = new Random(20261123);
    int right = 0;
    for (int i = 0; i < TEXTS; i++) {
      String text = near(random);
      Instant expected = slowInstant(text);
      assertThat(DateText.instant(text)).as(text).isEqualTo(expected);
      assertThat(DateText.isDate(text)).as(text).isEqualTo(slowIsDate(text));
      right += slowIsDate(text) ? 1 : 0;
    }
    assertThat(right).isBetween(TEXTS / 5, TEXTS * 4 / 5);
  }

  private static String near(RandomGenerator random) {
    StringBuilder text = new StringBuilder(number(random, 4, 3_000));
    text.append('-').append(number(random, 2, 14)).append('-').append(number(random, 2, 33));
    if (random.nextInt(4) > 0) {
      text.append('T').append(number(random, 2, 25));
      text.append(':').append(number(random, 2, 61)).append(':').append(number(random, 2, 61));
      if (random.nextBoolean()) {
        text.append('.');
        int digits = random.nextInt(11);
        for (int digit = 0; digit < digits; digit++) {
          text.append(random.nextInt(10));
        }
      }
      if (random.nextBoolean()) {
        text.append('Z');
      } else {
        text.append(random.nextBoolean() ? '+' : '-').append(number(random, 2, 20));
        text.append(':').append(number(random, 2, 61));
      }
    }
    if (random.nextInt(4) == 0) {
      change(text, random);
    }
    return text.toString();
  }

  private static void change(StringBuilder text, RandomGenerator random) {
    int at = random.nextInt(text.length());
    char other = NEAR.charAt(random.nextInt(NEAR.length()));
    switch (random.nextInt(3)) {
      case 0 -> text.setCharAt(at, other);
      case 1 -> text.insert(at, other);
      default -> text.deleteCharAt(at);
    }
  }

  private static String number(RandomGenerator random, int digits, int bound) {
    String number = String.valueOf(random.nextInt(bound));
    return "0".repeat(digits - number.length()) + number;
  }

  private static boolean slowIsDate(String text) {
    if (text.length() != 10) {
      return slowInstant(text) != null;
    }
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static @Nullable Instant slowInstant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
