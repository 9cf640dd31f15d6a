package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.done;
import static dev.tocsin.store.StoreSamples.editor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.Audit;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.ScheduledEventConfiguration;
import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.api.Written;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgScheduledEventConfigurationsPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final Instant LATER = Samples.NOW.plusSeconds(3600);

  private final UUID id = StoreSamples.id();
  private OrganizationId acme;
  private OrganizationId bolt;
  private PgScheduledEventConfigurations scheduled;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    bolt = StoreSamples.organization(postgres);
    scheduled = new PgScheduledEventConfigurations(postgres.database(), 5);
  }

  private static Content content(String name) {
    return new Content(new EventName("scheduled.bill." + name), "Bill", "endDate", -5);
  }

  private long catalogVersion() {
    return Long.parseLong(
        postgres.value("select catalog_version from organization where id = '" + acme + "'"));
  }

  @Test
  void a_new_one_has_version_1_and_is_another_catalog_and_another_rule_set() {
    ScheduledEventConfiguration expected =
        new ScheduledEventConfiguration(
            id, content("a"), false, new Audit(1, Samples.NOW, Samples.NOW, "tester", "tester"));

    assertThat(scheduled.create(author(acme), id, content("a")))
        .isEqualTo(new Written.Done<>(expected, 2));
    assertThat(scheduled.find(acme, id)).contains(expected);
    assertThat(catalogVersion()).isEqualTo(2);
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(2);
  }

  @Test
  void a_change_of_what_due_times_depend_on_begins_to_arm_anew_and_a_change_of_the_name_does_not() {
    scheduled.create(author(acme), id, content("a"));
    assertThat(arming()).isEqualTo("1 from the beginning");

    walkThrough();
    scheduled.update(editor(acme), id, 1, content("b"));
    assertThat(arming()).isEqualTo("1 done");

    Content moved = new Content(new EventName("scheduled.bill.b"), "Bill", "endDate", -6);
    scheduled.update(editor(acme), id, 2, moved);
    assertThat(arming()).isEqualTo("2 from the beginning");
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(4);

    walkThrough();
    scheduled.delete(editor(acme), id);
    assertThat(arming()).isEqualTo("3 from the beginning");
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(5);
  }

  private void walkThrough() {
    postgres.execute(
        "update scheduled_arming set after_entity_id = 'z', scanned = 9, armed = 8, skipped = 1,"
            + " walked = true, dt_completed = now()");
  }

  private String arming() {
    return postgres.value(
        """
        select arming || case
          when (scanned, armed, skipped) = (0, 0, 0) and after_entity_id is null and not walked
            and dt_completed is null and leased_until is null then ' from the beginning'
          else ' done' end
        from scheduled_arming where organization_id = '%s'
        """
            .formatted(acme));
  }

  @Test
  void an_update_of_the_current_version_replaces_it_and_another_changes_nothing() {
    scheduled.create(author(acme), id, content("a"));
    Content changed = new Content(new EventName("scheduled.plan.b"), "Plan", "dtCreated", 7);

    assertThat(scheduled.update(editor(acme), id, 2, changed)).isEqualTo(new Written.Stale<>(1));
    assertThat(done(scheduled.update(editor(acme), id, 1, changed)).resource())
        .isEqualTo(
            new ScheduledEventConfiguration(
                id, changed, false, new Audit(2, Samples.NOW, LATER, "tester", "editor")));
    assertThat(catalogVersion()).isEqualTo(3);
  }

  @Test
  void a_name_is_unique_in_its_organization() {
    UUID other = StoreSamples.id();
    scheduled.create(author(acme), id, content("a"));
    scheduled.create(author(acme), other, content("b"));

    assertThat(scheduled.create(author(acme), StoreSamples.id(), content("a")))
        .isEqualTo(new Written.NameTaken<>("scheduled.bill.a"));
    assertThat(scheduled.update(author(acme), other, 1, content("a")))
        .isEqualTo(new Written.NameTaken<>("scheduled.bill.a"));
    assertThat(catalogVersion()).isEqualTo(3);
    done(scheduled.create(author(bolt), id, content("a")));
  }

  @Test
  void another_organizations_is_neither_found_nor_changed() {
    ScheduledEventConfiguration made =
        done(scheduled.create(author(acme), id, content("a"))).resource();

    assertThat(scheduled.find(bolt, id)).isEmpty();
    assertThat(scheduled.list(bolt, List.of(), new PageRequest(10, null)).items()).isEmpty();
    assertThat(scheduled.update(editor(bolt), id, 1, content("b")))
        .isEqualTo(new Written.Missing<>());
    assertThat(scheduled.delete(editor(bolt), id)).isEqualTo(new Written.Missing<>());
    assertThat(scheduled.delete(editor(acme), id)).isEqualTo(new Written.Done<>(made, 3));
    assertThat(scheduled.delete(editor(acme), id)).isEqualTo(new Written.Missing<>());
  }

  @Test
  void pages_go_from_the_newest_to_the_oldest_and_may_be_of_some_ids() {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(StoreSamples.id());
      scheduled.create(author(acme), ids.getLast(), content("e" + i));
    }
    assertThat(scheduled.create(author(acme), StoreSamples.id(), content("one_too_many")))
        .isEqualTo(new Written.Full<>(5));

    assertThat(listed(2, List.of()))
        .containsExactly(
            List.of(ids.get(4), ids.get(3)), List.of(ids.get(2), ids.get(1)), List.of(ids.get(0)));
    assertThat(listed(2, List.of(ids.get(1), StoreSamples.id())))
        .containsExactly(List.of(ids.get(1)));
  }

  private List<List<UUID>> listed(int size, List<UUID> ids) {
    return StoreSamples.pages(
            size, page -> scheduled.list(acme, ids, page), ScheduledEventConfiguration::id)
        .stream()
        .map(page -> page.stream().map(ScheduledEventConfiguration::id).toList())
        .toList();
  }
}
