package dev.tocsin.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.OrganizationId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
  private static final Caller CALLER =
      new Caller(new OrganizationId(new UUID(0, 1)), new ServiceUserId(new UUID(0, 2)), "key");

  private Instant now = Instant.parse("2026-11-23T08:00:00Z");
  private final SecretKey key = key("a key of thirty-two bytes, or so");
  private final Tokens tokens = new Tokens(List.of(key), Duration.ofHours(5), () -> now);

  @Test
  void a_token_speaks_for_the_caller_it_was_issued_to() {
    assertThat(tokens.verify(tokens.issue(CALLER))).isEqualTo(new Tokens.Verdict.Valid(CALLER));
  }

  @Test
  void a_token_is_a_json_web_token_with_the_claims_clients_know() {
    String[] parts = tokens.issue(CALLER).split("\\.", -1);

    assertThat(decoded(parts[0]))
        .matches("\\{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"[0-9a-f]{16}\"\\}");
    assertThat(decoded(parts[1]))
        .isEqualTo(
            "{\"sub\":\"00000000-0000-0000-0000-000000000002\",\"key\":\"key\","
                + "\"orgId\":\"00000000-0000-0000-0000-000000000001\",\"iss\":\"tocsin\","
                + "\"iat\":1795420800,\"exp\":1795438800}");
    assertThat(parts).hasSize(3);
  }

  @Test
  void a_token_holds_up_to_its_last_second_and_no_longer() {
    String token = tokens.issue(CALLER);

    now = now.plus(Duration.ofHours(5)).minusMillis(1);
    assertThat(tokens.verify(token)).isEqualTo(new Tokens.Verdict.Valid(CALLER));
    now = now.plusMillis(1);
    assertThat(tokens.verify(token)).isEqualTo(new Tokens.Verdict.Expired());
  }

  @Test
  void a_token_of_another_key_is_invalid() {
    Tokens others =
        new Tokens(
            List.of(key("another key of thirty-two bytes.")), Duration.ofHours(5), () -> now);

    assertThat(tokens.verify(others.issue(CALLER))).isEqualTo(new Tokens.Verdict.Invalid());
  }

  /** Each step of a replacement, on two nodes of which one is always a step behind. */
  @Test
  void keys_are_replaced_one_after_the_other_and_nobody_has_to_ask_again() {
    SecretKey next = key("the next key, of more than thirty-two bytes");
    Tokens accepting = new Tokens(List.of(key, next), Duration.ofHours(5), () -> now);
    Tokens signing = new Tokens(List.of(next, key), Duration.ofHours(5), () -> now);
    Tokens afterwards = new Tokens(List.of(next), Duration.ofHours(5), () -> now);
    Tokens.Verdict valid = new Tokens.Verdict.Valid(CALLER);

    assertThat(tokens.verify(accepting.issue(CALLER))).isEqualTo(valid);
    assertThat(accepting.verify(tokens.issue(CALLER))).isEqualTo(valid);
    assertThat(accepting.verify(signing.issue(CALLER))).isEqualTo(valid);
    assertThat(signing.verify(accepting.issue(CALLER))).isEqualTo(valid);
    assertThat(afterwards.verify(signing.issue(CALLER))).isEqualTo(valid);
    assertThat(afterwards.verify(tokens.issue(CALLER))).isEqualTo(new Tokens.Verdict.Invalid());
  }

  /** Its header names a key that is good, and another one signed it. */
  @Test
  void a_token_that_names_another_key_than_it_was_signed_with_is_invalid() {
    SecretKey next = key("the next key, of more than thirty-two bytes");
    Tokens both = new Tokens(List.of(next, key), Duration.ofHours(5), () -> now);
    String header = both.issue(CALLER).split("\\.", -1)[0];
    String signed = header + "." + tokens.issue(CALLER).split("\\.", -1)[1];

    assertThat(both.verify(signed + "." + hmac(signed))).isEqualTo(new Tokens.Verdict.Invalid());
  }

  @Test
  void changed_claims_are_invalid_under_the_old_signature() {
    String[] parts = tokens.issue(CALLER).split("\\.", -1);
    String claims = encoded(decoded(parts[1]).replace("0001\"", "0003\""));

    assertThat(tokens.verify(parts[0] + "." + claims + "." + parts[2]))
        .isEqualTo(new Tokens.Verdict.Invalid());
  }

  /** A verifier that asks the token how to verify it would take each of these. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"typ\":\"JWT\",\"alg\":\"none\"}",
        "{\"typ\":\"JWT\",\"alg\":\"RS256\"}",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
      })
  void a_header_other_than_ours_is_invalid_even_if_signed_with_our_key(String header) {
    String signed = encoded(header) + "." + tokens.issue(CALLER).split("\\.", -1)[1];

    assertThat(tokens.verify(signed + "." + hmac(signed))).isEqualTo(new Tokens.Verdict.Invalid());
    assertThat(tokens.verify(signed + ".")).isEqualTo(new Tokens.Verdict.Invalid());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"sub\":\"00000000-0000-0000-0000-000000000002\",\"key\":\"key\",\"iss\":\"tocsin\",\"exp\":1795438800}",
        "{\"sub\":\"00000000-0000-0000-0000-000000000002\",\"key\":\"key\","
            + "\"orgId\":\"00000000-0000-0000-0000-000000000001\",\"exp\":1795438800}",
        "{\"sub\":\"00000000-0000-0000-0000-000000000002\",\"key\":\"key\","
            + "\"orgId\":\"00000000-0000-0000-0000-000000000001\",\"iss\":\"tocsin\"}",
        "{\"sub\":\"00000000-0000-0000-0000-000000000002\","
            + "\"orgId\":\"00000000-0000-0000-0000-000000000001\",\"iss\":\"tocsin\","
            + "\"exp\":1795438800}",
        "[]",
        "{"
      })
  void signed_claims_that_lack_something_are_invalid(String claims) {
    String header = tokens.issue(CALLER).split("\\.", -1)[0];
    String signed = header + "." + encoded(claims);

    assertThat(tokens.verify(signed + "." + hmac(signed))).isEqualTo(new Tokens.Verdict.Invalid());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b.c", "not a token", "ä.ö.ü"})
  void what_is_no_token_is_invalid(String text) {
    assertThat(tokens.verify(text)).isEqualTo(new Tokens.Verdict.Invalid());
  }

  @Test
  void parts_that_are_missing_too_many_or_too_long_are_invalid() {
    String token = tokens.issue(CALLER);
    String unsigned = token.substring(0, token.lastIndexOf('.'));

    assertThat(tokens.verify(unsigned)).isEqualTo(new Tokens.Verdict.Invalid());
    assertThat(tokens.verify(unsigned + ".%%%")).isEqualTo(new Tokens.Verdict.Invalid());
    assertThat(tokens.verify(token + ".x")).isEqualTo(new Tokens.Verdict.Invalid());
    assertThat(tokens.verify(unsigned + "." + "A".repeat(100_000)))
        .isEqualTo(new Tokens.Verdict.Invalid());
  }

  private String hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      byte[] hash = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SecretKey key(String text) {
    return new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String text) {
    return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
  }
}
