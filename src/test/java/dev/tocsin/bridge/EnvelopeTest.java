package dev.tocsin.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.tocsin.bridge.Envelope.Reading;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvelopeTest {
  @Test
  void a_body_that_is_an_object_is_cut_out_to_the_last_digit() {
    Envelope envelope =
        good("{'body' : {'a':1.10000000000000000000001, 'ü':[{}] } ,'type':'send','x':[1,{}]}");

    assertThat(envelope.type()).isEqualTo("send");
    assertThat(envelope.address()).isNull();
    assertThat(envelope.body())
        .asInstanceOf(type(Content.Json.class))
        .extracting(json -> new String(json.bytes(), StandardCharsets.UTF_8))
        .isEqualTo("{\"a\":1.10000000000000000000001, \"ü\":[{}] }");
  }

  @Test
  void a_text_stays_a_text_and_headers_are_found_in_any_capitals() {
    Envelope envelope =
        good(
            "{'type':'send','address':'a','replyAddress':'r','body':'{}',"
                + "'headers':{'Authorization':'x','version':1}}");

    assertThat(envelope.address()).isEqualTo("a");
    assertThat(envelope.replyAddress()).isEqualTo("r");
    assertThat(envelope.headers().get("authorization")).isEqualTo("x");
    assertThat(envelope.headers().get("version")).isEqualTo("1");
    assertThat(envelope.body()).isEqualTo(new Content.Text("{}"));
    assertThat(good("{'type':'send','body':[{}],'headers':null}").body())
        .isEqualTo(new Content.None());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|a frame must be a JSON object",
        "'send'|a frame must be a JSON object",
        "{'type':1}|type must be a text",
        "{'type':'send','address':{}}|address must be a text",
        "{'type':'send','replyAddress':null}|replyAddress must be a text",
        "{'type':'send','headers':[]}|headers must be an object",
        "{'type':'send','headers':{'a':{}}}|the header a must be a text",
        "{'type':'send','type':'send'}|stands twice",
        "{'type':'send'}{}|nothing may follow",
        "{'type':'send'|the body is not the JSON it has to be",
        "nonsense|the body is not the JSON it has to be"
      })
  void what_is_no_frame_is_said_to_be_none(String frame, String message) {
    assertThat(read(frame))
        .asInstanceOf(type(Reading.Malformed.class))
        .extracting(Reading.Malformed::message)
        .asString()
        .contains(message);
  }

  private static Envelope good(String frame) {
    return ((Reading.Read) read(frame)).envelope();
  }

  private static Reading read(String frame) {
    return Envelope.read(frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
