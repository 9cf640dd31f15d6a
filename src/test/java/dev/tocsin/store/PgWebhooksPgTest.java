package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.done;
import static dev.tocsin.store.StoreSamples.editor;
import static dev.tocsin.store.StoreSamples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.Audit;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Webhook;
import dev.tocsin.api.Webhook.CredentialsChange;
import dev.tocsin.api.Webhooks;
import dev.tocsin.api.Written;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.WebhookId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgWebhooksPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final Credentials SIGNED = new Credentials.Signed("api-key", List.of("s3cret"));
  private static final CredentialsChange KEEP = new CredentialsChange.Keep();

  private final CredentialsSeal seal = StoreSamples.seal(1);
  private final WebhookId id = new WebhookId(StoreSamples.id());
  private final UUID credentialsId = StoreSamples.id();
  private OrganizationId acme;
  private OrganizationId bolt;
  private Webhooks webhooks;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    bolt = StoreSamples.organization(postgres);
    webhooks = new PgWebhooks(postgres.database(), seal);
  }

  @Test
  void a_new_one_has_version_1_and_is_found_as_it_was_written() {
    Webhook expected =
        new Webhook(
            id,
            webhook("ops"),
            credentialsId,
            false,
            false,
            new Audit(1, Samples.NOW, Samples.NOW, "tester", "tester"));

    assertThat(create(acme, id, "ops")).isEqualTo(new Written.Done<>(expected, 2));
    assertThat(webhooks.find(acme, id)).contains(expected);
  }

  @Test
  void credentials_are_stored_sealed() {
    create(acme, id, "ops");

    assertThat(postgres.value("select to_jsonb(w)::text from webhook w where " + row(id)))
        .doesNotContain("api-key", "s3cret");
    assertThat(new String(sealed(), StandardCharsets.ISO_8859_1))
        .doesNotContain("api-key", "s3cret");
    assertThat(seal.open(acme, id, sealed())).isEqualTo(SIGNED);
  }

  @Test
  void an_update_keeps_or_replaces_the_credentials() {
    create(acme, id, "ops");
    byte[] before = sealed();

    Webhook kept = done(webhooks.update(editor(acme), id, 1, webhook("b"), KEEP)).resource();
    assertThat(kept.credentialsEmpty()).isFalse();
    assertThat(sealed()).isEqualTo(before);

    Written<Webhook> emptied =
        webhooks.update(
            editor(acme),
            id,
            2,
            webhook("b"),
            new CredentialsChange.Replace(new Credentials.Unsigned()));
    assertThat(emptied)
        .isEqualTo(
            new Written.Done<>(
                new Webhook(
                    id,
                    webhook("b"),
                    credentialsId,
                    true,
                    false,
                    new Audit(3, Samples.NOW, Samples.NOW.plusSeconds(3600), "tester", "editor")),
                4));
    assertThat(seal.open(acme, id, sealed())).isEqualTo(new Credentials.Unsigned());

    done(webhooks.update(editor(acme), id, 3, webhook("b"), KEEP));
    assertThat(webhooks.find(acme, id).orElseThrow().credentialsEmpty()).isTrue();
  }

  @Test
  void every_field_of_the_content_is_replaced() {
    create(acme, id, "ops");
    Webhook.Content content =
        new Webhook.Content(null, "N", "", URI.create("http://[::1]:9/ü%20"), false, null);

    done(webhooks.update(editor(acme), id, 1, content, KEEP));
    assertThat(webhooks.find(acme, id).orElseThrow().content()).isEqualTo(content);
  }

  @Test
  void an_update_of_another_version_changes_nothing_not_even_the_credentials() {
    create(acme, id, "ops");
    CredentialsChange replace = new CredentialsChange.Replace(new Credentials.Unsigned());

    assertThat(webhooks.update(editor(acme), id, 2, webhook("b"), replace))
        .isEqualTo(new Written.Stale<>(1));
    assertThat(seal.open(acme, id, sealed())).isEqualTo(SIGNED);
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(2);
  }

  @Test
  void a_code_is_unique_if_there_is_one() {
    create(acme, id, "ops");
    WebhookId other = new WebhookId(StoreSamples.id());

    assertThat(create(acme, other, "ops")).isEqualTo(new Written.CodeTaken<>("ops"));
    done(create(acme, other, null));
    done(create(acme, new WebhookId(StoreSamples.id()), null));
    assertThat(webhooks.update(author(acme), other, 1, webhook("ops"), KEEP))
        .isEqualTo(new Written.CodeTaken<>("ops"));
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(4);
  }

  @Test
  void switching_it_grows_the_version_only_if_it_changes_anything() {
    Webhook first = done(create(acme, id, "ops")).resource();

    assertThat(webhooks.setActive(editor(acme), id, true)).isEqualTo(new Written.Done<>(first, 2));
    Written.Done<Webhook> off = done(webhooks.setActive(editor(acme), id, false));
    assertThat(off.ruleSetVersion()).isEqualTo(3);
    assertThat(off.resource().content().active()).isFalse();
    assertThat(off.resource().audit())
        .isEqualTo(new Audit(2, Samples.NOW, Samples.NOW.plusSeconds(3600), "tester", "editor"));
    assertThat(webhooks.setActive(author(acme), id, false)).isEqualTo(off);
    assertThat(webhooks.find(acme, id)).contains(off.resource());
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(3);
  }

  @Test
  void a_deleted_one_is_answered_as_it_was_last_and_is_gone() {
    Webhook last = done(create(acme, id, "ops")).resource();

    assertThat(webhooks.delete(editor(acme), id)).isEqualTo(new Written.Done<>(last, 3));
    assertThat(webhooks.find(acme, id)).isEmpty();
    assertThat(webhooks.delete(editor(acme), id)).isEqualTo(new Written.Missing<>());
    assertThat(webhooks.update(editor(acme), id, 1, webhook("ops"), KEEP))
        .isEqualTo(new Written.Missing<>());
    assertThat(webhooks.setActive(editor(acme), id, true)).isEqualTo(new Written.Missing<>());
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(3);
  }

  @Test
  void organizations_share_neither_ids_nor_codes() {
    create(acme, id, "ops");
    assertThat(webhooks.find(bolt, id)).isEmpty();
    assertThat(webhooks.list(bolt, List.of(id), new PageRequest(9, null)).items()).isEmpty();
    assertThat(webhooks.setActive(editor(bolt), id, false)).isEqualTo(new Written.Missing<>());
    assertThat(webhooks.delete(editor(bolt), id)).isEqualTo(new Written.Missing<>());

    done(create(bolt, id, "ops"));
    done(webhooks.delete(editor(bolt), id));
    assertThat(webhooks.find(acme, id).orElseThrow().content()).isEqualTo(webhook("ops"));
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(2);
  }

  @Test
  void pages_go_from_the_newest_to_the_oldest_without_gap_or_repeat() {
    List<WebhookId> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(new WebhookId(StoreSamples.id()));
      create(acme, ids.getLast(), null);
    }

    assertThat(listed(2, List.of()))
        .containsExactly(
            List.of(ids.get(4), ids.get(3)), List.of(ids.get(2), ids.get(1)), List.of(ids.get(0)));
    assertThat(listed(2, List.of(ids.get(0), ids.get(2), ids.get(4), id)))
        .containsExactly(List.of(ids.get(4), ids.get(2)), List.of(ids.get(0)));
  }

  private List<List<WebhookId>> listed(int size, List<WebhookId> ids) {
    return StoreSamples.pages(
            size, page -> webhooks.list(acme, ids, page), webhook -> webhook.id().value())
        .stream()
        .map(page -> page.stream().map(Webhook::id).toList())
        .toList();
  }

  private Written<Webhook> create(
      OrganizationId organization, WebhookId webhook, @Nullable String code) {
    return webhooks.create(author(organization), webhook, credentialsId, webhook(code), SIGNED);
  }

  private byte[] sealed() {
    String hex =
        postgres.value("select encode(credentials_sealed, 'hex') from webhook where " + row(id));
    return HexFormat.of().parseHex(hex);
  }

  private String row(WebhookId webhook) {
    return "organization_id = '" + acme + "' and id = '" + webhook + "'";
  }
}
