package dev.tocsin.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonValuesTest {
  /** Where a value stands in UTF-16 the parser could not say, and its text is cut out of bytes. */
  @Test
  void bytes_are_utf_8_whatever_they_look_like() {
    byte[] utf16 = "{\"a\":{}}".getBytes(StandardCharsets.UTF_16BE);

    assertThatThrownBy(
            () -> {
              try (JsonParser parser = JsonValues.factory().createParser(utf16)) {
                parser.nextToken();
              }
            })
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void a_problem_is_described_with_its_places_and_nothing_of_the_parser() {
    assertThatThrownBy(() -> JsonValues.payload("{\n"))
        .isInstanceOfSatisfying(
            JsonProcessingException.class,
            problem ->
                assertThat(JsonValues.describe(problem))
                    .isEqualTo(
                        "the body is not the JSON it has to be at line 2, column 1: Unexpected"
                            + " end-of-input: expected close marker for Object (start marker at"
                            + " line 1, column 1)"));
  }

  @Test
  void numbers_keep_every_digit_and_integers_stay_integers() throws IOException {
    Map<String, ?> fields =
        JsonValues.payload(
                "{\"i\":42,\"big\":92233720368547758070,\"d\":0.10,\"e\":1E+2,\"n\":-0.0}")
            .fields();

    assertThat(fields.get("i")).isEqualTo(42L);
    assertThat(fields.get("big")).isEqualTo(new BigDecimal("92233720368547758070"));
    assertThat(fields.get("d")).isEqualTo(new BigDecimal("0.10"));
    assertThat(fields.get("e")).isEqualTo(new BigDecimal("1E+2"));
    assertThat(fields.get("n")).isEqualTo(new BigDecimal("-0.0"));
  }

  @Test
  void the_text_is_kept_as_it_was_sent() throws IOException {
    String json = "{ \"b\" : 1.50,\n \"a\":[true,null,\"\\u00e9\"] }";
    Payload payload = JsonValues.payload(json);

    assertThat(payload.json()).isEqualTo(json);
    assertThat(payload.fields().get("a")).isEqualTo(Arrays.asList(true, null, "é"));
    assertThat(List.copyOf(payload.fields().keySet())).containsExactly("b", "a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{\"a\":1",
        "{\"a\":1}x",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"b\":1}}",
        "{\"a\":1e99999999999}",
        "{\"a\":NaN}",
        "{'a':1}",
        "{\"a\":01}"
      })
  void what_is_not_one_clear_object_is_refused(String json) {
    assertThatThrownBy(() -> JsonValues.payload(json)).isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void what_is_too_deep_or_too_long_is_refused() {
    String deep = "{\"a\":" + "[".repeat(JsonValues.DEPTH_MAX) + "]".repeat(64) + "}";
    String digits = "{\"a\":" + "1".repeat(JsonValues.NUMBER_LENGTH_MAX + 1) + "}";

    assertThatThrownBy(() -> JsonValues.payload(deep)).isInstanceOf(JsonProcessingException.class);
    assertThatThrownBy(() -> JsonValues.payload(digits))
        .isInstanceOf(JsonProcessingException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | {}",
        "{'a':1} | {'a':1.0}",
        "{'a':100} | {'a':1E2}",
        "{'a':-0.0} | {'a':0}",
        "{'a':123456789012345678901234567890} | {'a':1.2345678901234567890123456789E29}",
        "{'a':1,'b':[{'c':null}]} | { 'b' : [{'c':null}] , 'a':1 }",
        "{'a':'\\u00e9'} | {'a':'é'}"
      })
  void the_same_json_however_it_is_written(String one, String other) throws IOException {
    assertThat(same(one, other)).isTrue();
    assertThat(same(other, one)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | {'a':null}",
        "{'a':1} | {'b':1}",
        "{'a':null} | {'b':1}",
        "{'a':1} | {'a':'1'}",
        "{'a':1} | {'a':1.0000000000000000001}",
        "{'a':9007199254740993} | {'a':9007199254740992.0}",
        "{'a':1e2147483647} | {'a':1}",
        "{'a':true} | {'a':'true'}",
        "{'a':false} | {'a':null}",
        "{'a':[1,2]} | {'a':[2,1]}",
        "{'a':[1]} | {'a':[1,1]}",
        "{'a':[]} | {'a':{}}",
        "{'a':'A'} | {'a':'a'}"
      })
  void not_the_same_json(String one, String other) throws IOException {
    assertThat(same(one, other)).isFalse();
    assertThat(same(other, one)).isFalse();
  }

  private static boolean same(String one, String other) throws IOException {
    return JsonValues.same(
        JsonValues.payload(one.replace('\'', '"')).fields(),
        JsonValues.payload(other.replace('\'', '"')).fields());
  }
}
