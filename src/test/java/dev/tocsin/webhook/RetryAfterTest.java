package dev.tocsin.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");

  @Test
  void seconds_are_counted_from_now() {
    assertThat(RetryAfter.parse("120", NOW)).isEqualTo(Duration.ofMinutes(2));
    assertThat(RetryAfter.parse(" 0 ", NOW)).isEqualTo(Duration.ZERO);
  }

  @Test
  void a_date_says_until_when() {
    assertThat(RetryAfter.parse("Mon, 23 Nov 2026 08:01:30 GMT", NOW))
        .isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void a_date_that_is_over_asks_for_nothing() {
    assertThat(RetryAfter.parse("Mon, 23 Nov 2026 07:00:00 GMT", NOW)).isEqualTo(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-5", "1.5", "99999999999999999999999999", "23 Nov 2026"})
  void what_means_nothing_is_ignored(String header) {
    assertThat(RetryAfter.parse(header, NOW)).isNull();
  }

  @Test
  void no_header_asks_for_nothing() {
    assertThat(RetryAfter.parse(null, NOW)).isNull();
  }
}
