package dev.tocsin.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.ScheduledDate.Due;
import dev.tocsin.event.JsonValues;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduledDateTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-30,            5, UTC,               2026-12-05T00:00:00Z",
    "2026-11-30,           -5, UTC,               2026-11-25T00:00:00Z",
    "2026-11-30,            0, Europe/Berlin,     2026-11-29T23:00:00Z",
    "2024-02-28,            1, UTC,               2024-02-29T00:00:00Z",
    "2024-02-29,          365, UTC,               2025-02-28T00:00:00Z",
    "2026-03-01,           -1, UTC,               2026-02-28T00:00:00Z",
    "2026-12-31,            1, Pacific/Kiritimati, 2026-12-31T10:00:00Z",
    "0001-01-02,           -1, UTC,               0001-01-01T00:00:00Z",
    "9999-12-31,            0, UTC,               9999-12-31T00:00:00Z",
    "9999-12-31,       -36500, UTC,               9900-01-24T00:00:00Z"
  })
  void a_date_alone_is_the_first_moment_of_its_day_in_the_zone(
      String date, int offset, String zone, Instant expected) {
    assertThat(due(date, offset, zone)).isEqualTo(new Due(date, expected));
  }

  @ParameterizedTest
  @CsvSource({
    // Midnight of 4 November 2018 does not exist in São Paulo, that of 31 October 2021 comes once.
    "2018-11-03, 1, America/Sao_Paulo, 2018-11-04T03:00:00Z",
    "2018-11-02, 1, America/Sao_Paulo, 2018-11-03T03:00:00Z",
    // Havana puts its clock back from 1:00 to 0:00: that day has two first moments.
    "2026-10-31, 1, America/Havana,    2026-11-01T04:00:00Z",
    // Samoa left out a whole day.
    "2011-12-29, 1, Pacific/Apia,      2011-12-30T10:00:00Z"
  })
  void a_day_whose_midnight_is_moved_begins_when_it_begins(
      String date, int offset, String zone, Instant expected) {
    assertThat(due(date, offset, zone)).isEqualTo(new Due(date, expected));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-30T08:00:00Z,           5, UTC,              2026-12-05T08:00:00Z",
    "2026-11-30T08:00:00.123456789Z, 0, UTC,              2026-11-30T08:00:00.123456Z",
    // Nine o'clock in Berlin, before and after the clock is put back, and forward.
    "2026-10-24T07:00:00Z,           1, Europe/Berlin,    2026-10-25T08:00:00Z",
    "2026-03-28T08:00:00Z,           1, Europe/Berlin,    2026-03-29T07:00:00Z",
    "2026-03-30T07:00:00Z,          -2, Europe/Berlin,    2026-03-28T08:00:00Z",
    // 2:30 is skipped there on 29 March 2026.
    "2026-03-28T01:30:00Z,           1, Europe/Berlin,    2026-03-29T01:30:00Z",
    // 2:30 comes twice there on 25 October 2026: once with the date's own offset.
    "2026-10-24T00:30:00Z,           1, Europe/Berlin,    2026-10-25T00:30:00Z",
    "2026-10-26T01:30:00Z,          -1, Europe/Berlin,    2026-10-25T01:30:00Z",
    "2026-10-25T01:30:00Z,           0, Europe/Berlin,    2026-10-25T01:30:00Z",
    "2026-11-30T08:00:00+05:45,      1, America/New_York, 2026-12-01T02:15:00Z"
  })
  void a_date_and_time_keeps_its_time_of_day_in_the_zone(
      String moment, int offset, String zone, Instant expected) {
    assertThat(due(moment, offset, zone)).isEqualTo(new Due(moment, expected));
  }

  @ParameterizedTest
  @CsvSource({
    "0001-01-01,               -1",
    "9999-12-31,                1",
    "0000-12-31,                0",
    "+999999999-12-31T23:00:00Z, 0",
    "-999999999-01-01T00:00:00Z, 36500",
    "9990-06-01T00:00:00Z,     36500"
  })
  void what_leads_out_of_the_calendar_is_no_appointment(String date, int offset) {
    assertThat(due(date, offset, "UTC")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "\"\"", "5", "true", "\"soon\"", "\"2026-02-30\"", "[]", "{}", "\"2026\""})
  void a_field_that_holds_no_date_makes_no_appointment(String value) {
    assertThat(dueOf("{\"endDate\":" + value + "}", 1, "UTC")).isNull();
  }

  @Test
  void a_state_without_the_field_makes_no_appointment() {
    assertThat(dueOf("{\"startDate\":\"2026-11-30\"}", 1, "UTC")).isNull();
  }

  private static @Nullable Due due(String date, int offset, String zone) {
    return dueOf("{\"endDate\":\"" + date + "\"}", offset, zone);
  }

  private static @Nullable Due dueOf(String state, int offset, String zone) {
    ScheduledDate date = new ScheduledDate(new UUID(0, 1), 1, "Bill", "endDate", offset);
    try {
      return date.due(JsonValues.payload(state), ZoneId.of(zone));
    } catch (IOException e) {
      throw new AssertionError(state, e);
    }
  }
}
