package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.done;
import static dev.tocsin.store.StoreSamples.editor;
import static dev.tocsin.store.StoreSamples.link;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.Audit;
import dev.tocsin.api.IntegrationConfiguration;
import dev.tocsin.api.IntegrationConfigurations;
import dev.tocsin.api.IntegrationConfigurations.Filter;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Written;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgIntegrationConfigurationsPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private final IntegrationId id = new IntegrationId(StoreSamples.id());
  private OrganizationId acme;
  private OrganizationId bolt;
  private IntegrationConfigurations links;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    bolt = StoreSamples.organization(postgres);
    links = new PgIntegrationConfigurations(postgres.database());
  }

  @Test
  void a_new_one_is_enabled_has_version_1_and_is_found_as_it_was_written() {
    IntegrationConfiguration expected =
        new IntegrationConfiguration(
            id,
            link("r", "w"),
            true,
            false,
            new Audit(1, Samples.NOW, Samples.NOW, "tester", "tester"));

    assertThat(links.create(author(acme), id, link("r", "w")))
        .isEqualTo(new Written.Done<>(expected, 2));
    assertThat(links.find(acme, id)).contains(expected);
  }

  @Test
  void its_author_says_whether_it_sends_and_that_forgets_why_it_did_not() {
    IntegrationId id = new IntegrationId(StoreSamples.id());

    assertThat(done(links.create(author(acme), id, link("r", "w"), false)).resource().enabled())
        .isFalse();
    assertThat(done(links.update(author(acme), id, 1, link("r", "w"), true)).resource().enabled())
        .isTrue();
    postgres.execute(
        "update integration_configuration set enabled = false, disabled_by_run_id = id where id = '"
            + id
            + "'");
    assertThat(done(links.update(author(acme), id, 2, link("r", "w"))).resource().enabled())
        .isFalse();
    assertThat(disabledBy(id)).isEqualTo(id.toString());
    assertThat(done(links.update(author(acme), id, 3, link("r", "w"), true)).resource().enabled())
        .isTrue();
    assertThat(disabledBy(id)).isNull();
  }

  private @Nullable String disabledBy(IntegrationId id) {
    Object run =
        postgres
            .database()
            .run("integrationConfigurationDisabledBy", Tuple.of(acme.value(), id.value()))
            .iterator()
            .next()
            .getValue(0);
    return run == null ? null : run.toString();
  }

  @Test
  void configuration_data_is_kept_to_the_letter() {
    String data = "{ \"b\" : 1.10,\"a\":[1e2, \"\\u00fc\"], \"b\": \"ü\" }";
    IntegrationConfiguration.Content content =
        new IntegrationConfiguration.Content("Bill", null, "Netsuite", null, data, "N", "c");

    assertThat(done(links.create(author(acme), id, content)).resource().content())
        .isEqualTo(content);
    assertThat(links.find(acme, id).orElseThrow().content()).isEqualTo(content);
    assertThat(links.list(acme, Filter.ALL, new PageRequest(1, null)).items().getFirst().content())
        .isEqualTo(content);
    assertThat(done(links.update(author(acme), id, 1, content)).resource().content())
        .isEqualTo(content);
  }

  @Test
  void an_update_replaces_the_content_of_the_version_it_names() {
    links.create(author(acme), id, link("r", "w"));
    IntegrationConfiguration expected =
        new IntegrationConfiguration(
            id,
            link("r2", "w2"),
            true,
            false,
            new Audit(2, Samples.NOW, Samples.NOW.plusSeconds(3600), "tester", "editor"));

    assertThat(links.update(editor(acme), id, 1, link("r2", "w2")))
        .isEqualTo(new Written.Done<>(expected, 3));
    assertThat(links.update(editor(acme), id, 1, link("r3", "w3")))
        .isEqualTo(new Written.Stale<>(2));
    assertThat(links.find(acme, id)).contains(expected);
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(3);
  }

  @Test
  void those_that_link_the_same_two_are_found_the_newest_first() {
    RuleId rule = new RuleId(StoreSamples.id());
    WebhookId webhook = new WebhookId(StoreSamples.id());
    IntegrationConfiguration.Content same = link(rule.toString(), webhook.toString());
    links.create(author(acme), id, same);
    IntegrationId next = new IntegrationId(StoreSamples.id());
    links.create(
        author(acme),
        next,
        link(rule.toString().toUpperCase(Locale.ROOT), webhook.toString()),
        false);
    links.create(author(bolt), new IntegrationId(StoreSamples.id()), same);
    links.create(
        author(acme),
        new IntegrationId(StoreSamples.id()),
        link(rule.toString(), StoreSamples.id().toString()));

    assertThat(links.linking(acme, rule, webhook, 5)).containsExactly(next, id);
    assertThat(links.linking(acme, rule, webhook, 1)).containsExactly(next);
  }

  @Test
  void enabling_it_grows_the_version_only_if_it_was_disabled() {
    IntegrationConfiguration first =
        done(links.create(author(acme), id, link("r", "w"))).resource();
    assertThat(links.enable(editor(acme), id)).isEqualTo(new Written.Done<>(first, 2));

    postgres.execute(
        "update integration_configuration set enabled = false where organization_id = '"
            + acme
            + "'");
    IntegrationConfiguration expected =
        new IntegrationConfiguration(
            id,
            link("r", "w"),
            true,
            false,
            new Audit(2, Samples.NOW, Samples.NOW.plusSeconds(3600), "tester", "editor"));
    assertThat(links.enable(editor(acme), id)).isEqualTo(new Written.Done<>(expected, 3));
    assertThat(links.find(acme, id)).contains(expected);
  }

  @Test
  void a_deleted_one_is_answered_as_it_was_last_and_is_gone() {
    IntegrationConfiguration last = done(links.create(author(acme), id, link("r", "w"))).resource();

    assertThat(links.delete(editor(acme), id)).isEqualTo(new Written.Done<>(last, 3));
    assertThat(links.find(acme, id)).isEmpty();
    assertThat(links.delete(editor(acme), id)).isEqualTo(new Written.Missing<>());
    assertThat(links.enable(editor(acme), id)).isEqualTo(new Written.Missing<>());
    assertThat(links.update(editor(acme), id, 1, link("r", "w")))
        .isEqualTo(new Written.Missing<>());
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(3);
  }

  @Test
  void organizations_do_not_share_ids() {
    links.create(author(acme), id, link("r", "w"));
    assertThat(links.find(bolt, id)).isEmpty();
    assertThat(links.list(bolt, Filter.ALL, new PageRequest(9, null)).items()).isEmpty();
    assertThat(links.enable(editor(bolt), id)).isEqualTo(new Written.Missing<>());
    assertThat(links.update(editor(bolt), id, 1, link("x", "y")))
        .isEqualTo(new Written.Missing<>());
    assertThat(links.delete(editor(bolt), id)).isEqualTo(new Written.Missing<>());

    done(links.create(author(bolt), id, link("x", "y")));
    done(links.delete(editor(bolt), id));
    assertThat(links.find(acme, id).orElseThrow().content()).isEqualTo(link("r", "w"));
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(2);
  }

  @Test
  void pages_go_from_the_newest_to_the_oldest_also_of_one_destination() {
    List<IntegrationId> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.add(new IntegrationId(StoreSamples.id()));
      links.create(author(acme), ids.getLast(), link("r" + i, i % 2 == 0 ? "even" : "odd"));
    }

    assertThat(listed(4, null))
        .containsExactly(ids.subList(2, 6).reversed(), ids.subList(0, 2).reversed());
    assertThat(listed(2, "EVEN"))
        .containsExactly(List.of(ids.get(4), ids.get(2)), List.of(ids.get(0)));
    assertThat(listed(2, "none")).containsExactly(List.of());
  }

  @Test
  void every_filter_must_hold_whatever_the_case() {
    IntegrationId other = new IntegrationId(StoreSamples.id());
    links.create(author(acme), id, link("r", "w"));
    links.create(
        author(acme),
        other,
        new IntegrationConfiguration.Content("Bill", null, "Netsuite", null, "{}", null, null));

    assertThat(only(new Filter("notification", null, null, null))).containsExactly(id);
    assertThat(only(new Filter("BILL", null, "netSuite", null))).containsExactly(other);
    assertThat(only(new Filter(null, "R", "Webhook", "W"))).containsExactly(id);
    assertThat(only(new Filter("Bill", "r", null, null))).isEmpty();
    assertThat(only(Filter.ALL)).containsExactly(other, id);
  }

  private List<IntegrationId> only(Filter filter) {
    return links.list(acme, filter, new PageRequest(9, null)).items().stream()
        .map(IntegrationConfiguration::id)
        .toList();
  }

  private List<List<IntegrationId>> listed(int size, @Nullable String destination) {
    Filter filter = new Filter(null, null, null, destination);
    return StoreSamples.pages(
            size, page -> links.list(acme, filter, page), link -> link.id().value())
        .stream()
        .map(page -> page.stream().map(IntegrationConfiguration::id).toList())
        .toList();
  }
}
