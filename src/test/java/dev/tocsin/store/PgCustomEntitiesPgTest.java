package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.done;
import static dev.tocsin.store.StoreSamples.editor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.Audit;
import dev.tocsin.api.EntityDeclaration;
import dev.tocsin.api.Written;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgCustomEntitiesPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final Instant LATER = Samples.NOW.plusSeconds(3600);
  private static final int MOST = 3;

  private OrganizationId acme;
  private OrganizationId bolt;
  private PgCustomEntities entities;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    bolt = StoreSamples.organization(postgres);
    entities = new PgCustomEntities(postgres.database(), MOST);
  }

  private static CustomEntity lead(String... dateFields) {
    return new CustomEntity("Lead", "crm", List.of(dateFields));
  }

  private long catalogVersion() {
    return Long.parseLong(
        postgres.value("select catalog_version from organization where id = '" + acme + "'"));
  }

  @Test
  void a_new_one_has_version_1_is_found_by_any_spelling_and_is_another_catalog() {
    EntityDeclaration expected =
        new EntityDeclaration(
            lead("wonDate"), false, new Audit(1, Samples.NOW, Samples.NOW, "tester", "tester"));

    assertThat(entities.create(author(acme), lead("wonDate")))
        .isEqualTo(new Written.Done<>(expected, 1));
    assertThat(entities.find(acme, "LEAD")).contains(expected);
    assertThat(entities.list(acme)).containsExactly(expected);
    assertThat(catalogVersion()).isEqualTo(2);
  }

  @Test
  void a_second_one_of_the_name_is_refused_whatever_its_capitals() {
    entities.create(author(acme), lead());

    assertThat(entities.create(editor(acme), new CustomEntity("LEAD", "x", List.of())))
        .isEqualTo(new Written.Stale<>(1));
    assertThat(catalogVersion()).isEqualTo(2);
  }

  @Test
  void an_update_of_the_current_version_replaces_it_and_another_changes_nothing() {
    entities.create(author(acme), lead());
    CustomEntity changed = new CustomEntity("Lead", "sales", List.of("b", "a"));

    assertThat(entities.update(editor(acme), changed, 2)).isEqualTo(new Written.Stale<>(1));
    assertThat(done(entities.update(editor(acme), changed, 1)).resource())
        .isEqualTo(
            new EntityDeclaration(
                changed, false, new Audit(2, Samples.NOW, LATER, "tester", "editor")));
    assertThat(entities.update(editor(bolt), changed, 1)).isEqualTo(new Written.Missing<>());
    assertThat(catalogVersion()).isEqualTo(3);
  }

  @Test
  void a_deleted_one_is_gone_with_what_was_learned_of_it() {
    EntityDeclaration made = done(entities.create(author(acme), lead())).resource();
    postgres.execute(
        "insert into learned_field values ('%1$s', 'Lead', 'x', 1, now(), now()),".formatted(acme)
            + " ('%1$s', 'Bill', 'x', 1, now(), now())".formatted(acme));

    assertThat(entities.delete(editor(bolt), "Lead")).isEqualTo(new Written.Missing<>());
    assertThat(entities.delete(editor(acme), "Lead")).isEqualTo(new Written.Done<>(made, 1));
    assertThat(entities.find(acme, "Lead")).isEmpty();
    assertThat(entities.delete(editor(acme), "Lead")).isEqualTo(new Written.Missing<>());
    assertThat(catalogVersion()).isEqualTo(3);
    assertThat(
            postgres.value(
                "select string_agg(subject, ',') from learned_field where organization_id = '"
                    + acme
                    + "'"))
        .isEqualTo("Bill");
  }

  @Test
  void there_are_never_more_than_there_may_be_however_many_are_made_at_once() throws Exception {
    int threads = 5;
    CyclicBarrier together = new CyclicBarrier(threads);
    List<Future<Written<EntityDeclaration>>> made = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        CustomEntity entity = new CustomEntity("E" + i, "crm", List.of());
        Callable<Written<EntityDeclaration>> create =
            () -> {
              together.await();
              return entities.create(author(acme), entity);
            };
        made.add(executor.submit(create));
      }
    }
    int full = 0;
    for (Future<Written<EntityDeclaration>> one : made) {
      full += one.get().equals(new Written.Full<>(MOST)) ? 1 : 0;
    }
    assertThat(full).isEqualTo(threads - MOST);
    assertThat(entities.list(acme)).hasSize(MOST);
    assertThat(catalogVersion()).isEqualTo(1 + MOST);
    entities.create(author(bolt), lead());
    assertThat(entities.list(bolt)).hasSize(1);
  }
}
