package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.Webhook.CredentialsChange;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.WebhookForm;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookJsonTest {
  @Test
  void an_api_key_and_a_secret_sign() {
    assertThat(credentials("{'type':'M3TER_SIGNED_REQUEST','apiKey':'k','secret':'s'}"))
        .isEqualTo(new CredentialsChange.Replace(new Credentials.Signed("k", List.of("s"))));
  }

  @Test
  void empty_credentials_sign_nothing_whatever_they_hold() {
    assertThat(
            credentials(
                "{'type':'M3TER_SIGNED_REQUEST','empty':true,'apiKey':'dummy','secret':'dummy'}"))
        .isEqualTo(new CredentialsChange.Replace(new Credentials.Unsigned()));
  }

  /** Clients send back what they were shown, and secrets are never shown. */
  @Test
  void replacing_with_what_was_shown_keeps_the_credentials() {
    assertThat(credentials("{'id':'x','type':'M3TER_SIGNED_REQUEST','empty':false,'version':3}"))
        .isEqualTo(new CredentialsChange.Keep());
    assertThat(credentials("null")).isEqualTo(new CredentialsChange.Keep());
  }

  @ParameterizedTest
  @ValueSource(strings = {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_YQ", "whsec", "sec_?"})
  void a_secret_is_base64_only_if_it_says_so(String secret) {
    assertThat(
            credentials("{'type':'M3TER_SIGNED_REQUEST','apiKey':'k','secret':'" + secret + "'}"))
        .isEqualTo(new CredentialsChange.Replace(new Credentials.Signed("k", List.of(secret))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:9911/hook",
        "https://example.com",
        "HTTPS://EXAMPLE.COM/a%20b?c=d&e=%C3%A9",
        "http://[::1]:8080/hook",
        "https://xn--exmple-cua.com/"
      })
  void an_address_may_be_any_url_of_a_host(String url) {
    assertThat(WebhookForm.faultOfUrl(url)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x|must be an absolute URL with http or https",
        "//example.com/|must be an absolute URL with http or https",
        "mailto:me@example.com|must be an absolute URL with http or https",
        "file:///etc/passwd|must be an absolute URL with http or https",
        "http:///hook|must name a host",
        "http:hook|must name a host",
        "http://my_host/|must name a host",
        "http://exämple.com/|must name a host",
        "http://me@example.com/|must not carry a user or password",
        "http://example.com:0/|must have a port from 1 to 65535",
        "http://example.com:65536/|must have a port from 1 to 65535",
        "http://example.com/ä|must be ASCII, with everything else percent-encoded",
        "http://example.com/a b|must be a URL: Illegal character in path"
      })
  void an_address_that_is_none_says_why(String url, String flaw) {
    assertThat(WebhookForm.faultOfUrl(url)).isEqualTo(flaw);
  }

  private static CredentialsChange credentials(String json) {
    String body =
        "{'name':'n','description':'d','url':'https://example.com/','credentials':" + json + "}";
    byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    if (Body.parse(bytes) instanceof Reading.Good<JsonProperties>(JsonProperties properties)
        && WebhookJson.read(properties, false)
            instanceof Reading.Good<WebhookDraft>(WebhookDraft draft)) {
      return draft.credentials();
    }
    throw new AssertionError(body);
  }
}
