package dev.tocsin.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.EventId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SignatureTest {
  private static final EventId ID = new EventId(new UUID(1, 2));
  private static final long TIME = 1_764_000_000;

  @Test
  void each_secret_signs_in_its_place() {
    assertThat(sign("new", "old")).isEqualTo(sign("new") + " " + sign("old"));
  }

  @Test
  void an_encoded_secret_is_the_key_that_it_encodes() {
    assertThat(sign("whsec_c2VjcmV0")).isEqualTo(sign("secret"));
  }

  /** A customer's own text may happen to begin like an encoded secret. */
  @Test
  void a_secret_that_only_looks_encoded_is_taken_as_it_stands() {
    assertThat(sign("whsec_not base64!")).startsWith("v1,").isNotEqualTo(sign("not base64!"));
    assertThat(sign("whsec_")).startsWith("v1,");
  }

  @Test
  void the_signature_covers_id_time_and_body() {
    assertThat(List.of(sign("s"), signature(new EventId(new UUID(1, 3)), TIME, "{}")))
        .doesNotHaveDuplicates();
    assertThat(signature(ID, TIME + 1, "{}")).isNotEqualTo(sign("s"));
    assertThat(signature(ID, TIME, "{ }")).isNotEqualTo(sign("s"));
  }

  private static String sign(String... secrets) {
    return Signature.of(List.of(secrets), ID, TIME, "{}".getBytes(StandardCharsets.UTF_8));
  }

  private static String signature(EventId id, long time, String body) {
    return Signature.of(List.of("s"), id, time, body.getBytes(StandardCharsets.UTF_8));
  }
}
