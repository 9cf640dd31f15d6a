package dev.tocsin.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "plain | plain",
        "Euro%20%E2%82%AC%20%F0%9F%98%80 | Euro € 😀",
        "%e2%82%ac | €",
        "%41 | A",
        "100%25 | 100%",
        "%2541 | %41",
        "a+b | a+b",
        "100% | 100%",
        "%4 | %4",
        "%G1 | %G1",
        "%4G | %4G",
        "%+1 %41 | %+1 A",
        "\"in quotes\" | in quotes",
        "\"a \\\" b \\\\ c\" | a \" b \\ c",
        "\"%E2%82%AC\" | €",
        "\"not closed | \"not closed",
        "in \"the middle\" | in \"the middle\"",
        "\" | \"",
        "\"\" | ''"
      })
  void quotes_are_taken_off_and_percents_undone_once(String value, String text) {
    assertThat(HeaderText.decode(value)).isEqualTo(text);
  }

  /** Of the second the specification says so. */
  @ParameterizedTest
  @ValueSource(strings = {"%E2%82", "%C0%A0", "%ED%A0%80", "%FF", "é", "a\u0001"})
  void what_is_not_ascii_or_not_utf_8_is_none(String value) {
    assertThat(HeaderText.decode(value)).isNull();
  }

  @Test
  void nothing_is_nothing() {
    assertThat(HeaderText.decode("")).isEmpty();
  }
}
