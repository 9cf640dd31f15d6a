package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.WebhookId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class CredentialsSealTest {
  private static final OrganizationId ACME = new OrganizationId(new UUID(0, 1));
  private static final WebhookId HOOK = new WebhookId(new UUID(0, 2));
  private static final Credentials SIGNED =
      new Credentials.Signed("the \"key\"", List.of("whsec_new", "old sécret"));

  private final CredentialsSeal seal = seal(1);

  @Test
  void what_was_sealed_opens_again() {
    assertThat(seal.open(ACME, HOOK, seal.seal(ACME, HOOK, SIGNED))).isEqualTo(SIGNED);
    Credentials unsigned = new Credentials.Unsigned();
    assertThat(seal.open(ACME, HOOK, seal.seal(ACME, HOOK, unsigned))).isEqualTo(unsigned);
  }

  @Test
  void a_sealed_text_shows_nothing_and_never_looks_the_same_twice() {
    byte[] sealed = seal.seal(ACME, HOOK, SIGNED);
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("key", "whsec");
    assertThat(seal.seal(ACME, HOOK, SIGNED)).isNotEqualTo(sealed);
  }

  @Test
  void it_opens_with_no_other_key_and_for_no_other_webhook_or_organization() {
    byte[] sealed = seal.seal(ACME, HOOK, SIGNED);
    assertThatThrownBy(() -> seal(2).open(ACME, HOOK, sealed)).hasMessageContaining("do not open");
    assertThatThrownBy(() -> seal.open(ACME, new WebhookId(new UUID(0, 3)), sealed))
        .hasMessageContaining("do not open");
    assertThatThrownBy(() -> seal.open(new OrganizationId(new UUID(0, 3)), HOOK, sealed))
        .hasMessageContaining("do not open");
  }

  @Test
  void a_changed_or_cut_text_does_not_open() {
    byte[] sealed = seal.seal(ACME, HOOK, SIGNED);
    sealed[sealed.length - 1] ^= 1;
    assertThatThrownBy(() -> seal.open(ACME, HOOK, sealed)).hasMessageContaining("do not open");
    assertThatThrownBy(() -> seal.open(ACME, HOOK, new byte[5])).hasMessageContaining("not sealed");
  }

  private static CredentialsSeal seal(int key) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) key;
    SecretKey aes = new SecretKeySpec(bytes, "AES");
    return new CredentialsSeal(aes, new Random(42));
  }
}
