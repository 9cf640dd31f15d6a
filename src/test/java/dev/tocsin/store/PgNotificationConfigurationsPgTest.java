package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.done;
import static dev.tocsin.store.StoreSamples.editor;
import static dev.tocsin.store.StoreSamples.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.Audit;
import dev.tocsin.api.NotificationConfiguration;
import dev.tocsin.api.NotificationConfigurations;
import dev.tocsin.api.NotificationConfigurations.Filter;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Written;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgNotificationConfigurationsPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final Filter ALL = new Filter(null, null, List.of());
  private static final Instant LATER = Samples.NOW.plusSeconds(3600);

  private final RuleId id = new RuleId(StoreSamples.id());
  private OrganizationId acme;
  private OrganizationId bolt;
  private NotificationConfigurations rules;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    bolt = StoreSamples.organization(postgres);
    rules = new PgNotificationConfigurations(postgres.database());
  }

  @Test
  void a_new_one_has_version_1_and_is_found_as_it_was_written() {
    NotificationConfiguration.Content content = rule("a", "new.x > 1\n  AND \"ü\" = old.y");
    NotificationConfiguration expected =
        new NotificationConfiguration(
            id, content, false, new Audit(1, Samples.NOW, Samples.NOW, "tester", "tester"));

    assertThat(rules.create(author(acme), id, content)).isEqualTo(new Written.Done<>(expected, 2));
    assertThat(rules.find(acme, id)).contains(expected);
  }

  @Test
  void an_update_replaces_the_content_and_keeps_who_made_it() {
    rules.create(author(acme), id, rule("a", "new.x > 1"));
    NotificationConfiguration.Content content =
        rule("b", new EventName("configuration.account.created"), false, null);
    NotificationConfiguration expected =
        new NotificationConfiguration(
            id, content, false, new Audit(2, Samples.NOW, LATER, "tester", "editor"));

    assertThat(rules.update(editor(acme), id, 1, content))
        .isEqualTo(new Written.Done<>(expected, 3));
    assertThat(rules.find(acme, id)).contains(expected);
  }

  @Test
  void an_update_of_another_version_changes_nothing() {
    rules.create(author(acme), id, rule("a", null));
    rules.update(author(acme), id, 1, rule("b", null));

    assertThat(rules.update(editor(acme), id, 1, rule("c", null)))
        .isEqualTo(new Written.Stale<>(2));
    assertThat(rules.update(editor(acme), id, 3, rule("c", null)))
        .isEqualTo(new Written.Stale<>(2));
    assertThat(rules.find(acme, id).orElseThrow().content().code()).isEqualTo("b");
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(3);
  }

  @Test
  void a_code_is_unique_in_its_organization_and_free_again_after_a_deletion() {
    RuleId other = new RuleId(StoreSamples.id());
    rules.create(author(acme), id, rule("a", null));
    rules.create(author(acme), other, rule("b", null));

    assertThat(rules.create(author(acme), new RuleId(StoreSamples.id()), rule("a", null)))
        .isEqualTo(new Written.CodeTaken<>("a"));
    assertThat(rules.update(author(acme), other, 1, rule("a", null)))
        .isEqualTo(new Written.CodeTaken<>("a"));
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(3);

    rules.delete(author(acme), id);
    assertThat(done(rules.update(author(acme), other, 1, rule("a", null))).ruleSetVersion())
        .isEqualTo(5);
  }

  @Test
  void a_deleted_one_is_answered_as_it_was_last_and_is_gone() {
    NotificationConfiguration last =
        done(rules.create(author(acme), id, rule("a", null))).resource();

    assertThat(rules.delete(editor(acme), id)).isEqualTo(new Written.Done<>(last, 3));
    assertThat(rules.find(acme, id)).isEmpty();
    assertThat(rules.delete(editor(acme), id)).isEqualTo(new Written.Missing<>());
    assertThat(rules.update(editor(acme), id, 1, rule("a", null)))
        .isEqualTo(new Written.Missing<>());
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(3);
  }

  @Test
  void another_organizations_is_neither_found_nor_changed() {
    rules.create(author(acme), id, rule("a", null));

    assertThat(rules.find(bolt, id)).isEmpty();
    assertThat(rules.list(bolt, ALL, new PageRequest(10, null)).items()).isEmpty();
    assertThat(rules.update(editor(bolt), id, 1, rule("b", null)))
        .isEqualTo(new Written.Missing<>());
    assertThat(rules.delete(editor(bolt), id)).isEqualTo(new Written.Missing<>());
    assertThat(StoreSamples.version(postgres, bolt)).isEqualTo(1);
    assertThat(rules.find(acme, id)).isPresent();
  }

  @Test
  void organizations_may_use_the_same_id_and_code() {
    rules.create(author(acme), id, rule("a", null));
    rules.create(author(bolt), id, rule("a", null));
    rules.update(editor(bolt), id, 1, rule("b", null));
    rules.delete(editor(bolt), id);

    assertThat(rules.find(acme, id).orElseThrow().content()).isEqualTo(rule("a", null));
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(2);
    assertThat(StoreSamples.version(postgres, bolt)).isEqualTo(4);
  }

  @Test
  void pages_go_from_the_newest_to_the_oldest_without_gap_or_repeat() {
    List<RuleId> ids = create(5);

    assertThat(listed(2, ALL))
        .containsExactly(
            List.of(ids.get(4), ids.get(3)), List.of(ids.get(2), ids.get(1)), List.of(ids.get(0)));
    assertThat(listed(5, ALL)).containsExactly(ids.reversed());
  }

  @Test
  void filters_hold_together_and_over_pages() {
    List<RuleId> ids = create(6);
    EventName other = new EventName("configuration.account.created");
    for (int i : List.of(0, 2)) {
      rules.update(author(acme), ids.get(i), 1, rule("c" + i, other, true, null));
    }
    rules.update(author(acme), ids.get(1), 1, rule("c1", other, false, null));

    assertThat(listed(2, new Filter(true, null, List.of())))
        .containsExactly(
            List.of(ids.get(5), ids.get(4)), List.of(ids.get(3), ids.get(2)), List.of(ids.get(0)));
    assertThat(listed(1, new Filter(null, other, List.of())))
        .containsExactly(List.of(ids.get(2)), List.of(ids.get(1)), List.of(ids.get(0)));
    assertThat(listed(5, new Filter(false, other, List.of(ids.get(0), ids.get(1)))))
        .containsExactly(List.of(ids.get(1)));
    assertThat(listed(5, new Filter(null, null, List.of(new RuleId(StoreSamples.id())))))
        .containsExactly(List.of());
  }

  private List<RuleId> create(int count) {
    List<RuleId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(new RuleId(StoreSamples.id()));
      rules.create(author(acme), ids.getLast(), rule("c" + i, null));
    }
    return ids;
  }

  private List<List<RuleId>> listed(int size, Filter filter) {
    return StoreSamples.pages(
            size, page -> rules.list(acme, filter, page), rule -> rule.id().value())
        .stream()
        .map(page -> page.stream().map(NotificationConfiguration::id).toList())
        .toList();
  }
}
