package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokenTest {
  @Test
  void a_token_gives_back_the_id_it_was_made_of() {
    UUID id = UUID.fromString("01934567-89ab-7cde-8f01-23456789abcd");

    String token = PageToken.of(id);

    assertThat(token).isEqualTo("AQGTRWeJq3zejwEjRWeJq80");
    assertThat(PageToken.parse(token)).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "ä",
        "AQ",
        "AgGTRWeJq3zejwEjRWeJq80",
        "AQGTRWeJq3zejwEjRWeJq80A",
        "AQ=="
      })
  void what_is_no_token_gives_nothing(String text) {
    assertThat(PageToken.parse(text)).isNull();
  }
}
