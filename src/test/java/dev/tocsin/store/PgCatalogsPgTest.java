package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.ScheduledEventConfiguration;
import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.CatalogAdditions;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.HeldCatalogs;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgCatalogsPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final CustomEntity LEAD = new CustomEntity("Lead", "crm", List.of("a", "b"));
  private static final EventName NEAR = new EventName("scheduled.bill.near");

  private OrganizationId acme;
  private OrganizationId bolt;
  private PgCatalogs catalogs;
  private PgCustomEntities entities;
  private PgScheduledEventConfigurations scheduled;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    bolt = StoreSamples.organization(postgres);
    catalogs = new PgCatalogs(postgres.database());
    entities = new PgCustomEntities(postgres.database(), 10);
    scheduled = new PgScheduledEventConfigurations(postgres.database(), 10);
  }

  @Test
  void only_those_that_changed_are_read_each_with_all_it_has() {
    entities.create(author(acme), LEAD);
    scheduled.create(
        author(acme),
        StoreSamples.id(),
        new ScheduledEventConfiguration.Content(NEAR, "Bill", "endDate", 5));
    postgres.execute("update organization set open_catalog = true where id = '" + acme + "'");

    assertThat(catalogs.changed(Map.of(acme, 2L, bolt, 0L)))
        .isEqualTo(
            Map.of(
                acme,
                new CatalogAdditions(
                    3, true, List.of(LEAD), List.of(new ScheduledName(NEAR, "Bill", "endDate"))),
                bolt,
                new CatalogAdditions(1, false, List.of(), List.of())));
    assertThat(catalogs.changed(Map.of(acme, 3L, bolt, 1L))).isEmpty();
    assertThat(catalogs.changed(Map.of(new OrganizationId(StoreSamples.id()), 0L))).isEmpty();
  }

  /** Nothing tells one node what another did; whoever would refuse a name asks first. */
  @Test
  void a_name_that_was_acknowledged_by_one_node_is_known_to_another_that_asks() {
    HeldCatalogs node =
        new HeldCatalogs(Catalog.system(), catalogs, Runnable::run, 10, new SimpleMeterRegistry());
    EventName created = new EventName("crm.lead.created");
    assertThat(node.awaitCurrent(acme).find(created)).isNull();

    entities.create(author(acme), LEAD);
    assertThat(node.held(acme).find(created)).isNull();
    assertThat(node.awaitCurrent(acme).find(created)).isNotNull();
    assertThat(node.held(acme).find(created)).isNotNull();
    assertThat(node.awaitCurrent(bolt).find(created)).isNull();
  }
}
