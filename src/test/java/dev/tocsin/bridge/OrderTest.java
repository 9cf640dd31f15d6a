package dev.tocsin.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.tocsin.api.Reception.Credentials;
import dev.tocsin.bridge.Order.Reading;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderTest {
  private static final MultiMap NONE = MultiMap.caseInsensitiveMultiMap();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'version':1,'authorization':'t','organizationId':'o','events':[ {'n':1.50} ]}"
            + "|{'events':[ {'n':1.50} ]}",
        "{ 'eventName' : 'a' , 'version':'1', 'authorization':'t', 'new':{'version':2,'x':9.0}, 'organizationId':'o' }"
            + "|{'eventName' : 'a','new':{'version':2,'x':9.0}}",
        "{'ü':'ü\\n','version':1,'authorization':'t','organizationId':'o'}|{'ü':'ü\\n'}",
        "{'version':1,'authorization':'t','organizationId':'o','a':1}|{'a':1}",
        "{'version':1,'authorization':'t','organizationId':'o'}|{}"
      })
  void who_asks_is_taken_out_of_the_body_and_the_rest_stays_as_it_is(String body, String rest) {
    Order order = good(NONE, json(body));

    assertThat(order.credentials()).isEqualTo(new Credentials("t", "o"));
    assertThat(new String(order.body(), StandardCharsets.UTF_8)).isEqualTo(rest.replace('\'', '"'));
  }

  @Test
  void of_a_text_the_headers_say_who_asks_and_it_is_not_looked_at() {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .add("Version", "1")
            .add("Authorization", "t")
            .add("organizationId", "o");
    Order order = good(headers, new Content.Text("no JSON"));

    assertThat(order.credentials()).isEqualTo(new Credentials("t", "o"));
    assertThat(new String(order.body(), StandardCharsets.UTF_8)).isEqualTo("no JSON");
    assertThat(good(headers, json("{'authorization':'own'}")).credentials())
        .isEqualTo(new Credentials("own", "o"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|unsupported_version|and is missing",
        "{'version':2}|unsupported_version|version must be 1, the only one there is, and is 2",
        "{'version':1.0}|malformed_body|version must be a text",
        "{'version':1,'authorization':{}}|malformed_body|authorization must be a text",
        "{'version':1,'version':1}|malformed_body|version stands twice"
      })
  void what_makes_no_sense_is_named(String body, String code, String message) {
    assertThat(Order.read(NONE, json(body)))
        .asInstanceOf(type(Reading.Malformed.class))
        .satisfies(bad -> assertThat(bad.code()).isEqualTo(code))
        .satisfies(bad -> assertThat(bad.message()).contains(message));
    assertThat(Order.read(NONE, new Content.None())).isInstanceOf(Reading.Malformed.class);
  }

  private static Order good(MultiMap headers, Content content) {
    return ((Reading.Read) Order.read(headers, content)).order();
  }

  private static Content json(String body) {
    return new Content.Json(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
