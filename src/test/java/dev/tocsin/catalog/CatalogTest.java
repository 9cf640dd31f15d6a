package dev.tocsin.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Category;
import dev.tocsin.event.ChangeNames;
import dev.tocsin.event.EventName;
import dev.tocsin.event.Transition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  private static final Catalog SYSTEM = Catalog.system();

  private static Catalog catalog(boolean open) {
    return SYSTEM.with(
        new CatalogAdditions(
            3,
            open,
            List.of(new CustomEntity("SalesLead", "crm", List.of("wonDate", "lostDate"))),
            List.of(
                scheduled("scheduled.bill.near", "Bill", "endDate"),
                scheduled("scheduled.saleslead.won", "SalesLead", "wonDate"),
                scheduled("scheduled.gone.x", "Gone", "at"))));
  }

  private static ScheduledName scheduled(String name, String entity, String field) {
    return new ScheduledName(new EventName(name), entity, field);
  }

  private static EventType type(Catalog catalog, String name) {
    return Objects.requireNonNull(catalog.find(new EventName(name)), name);
  }

  @Test
  void a_custom_entity_has_three_events_of_its_own_category() {
    Catalog catalog = catalog(false);

    EventType updated = type(catalog, "crm.saleslead.updated");
    assertThat(updated.category()).isEqualTo(Category.CUSTOM);
    assertThat(updated.entity()).isEqualTo("SalesLead");
    assertThat(updated.transition()).isEqualTo(Transition.UPDATED);
    assertThat(updated.dateFields()).containsExactlyInAnyOrder("wonDate", "lostDate");
    assertThat(type(catalog, "crm.saleslead.created").transition()).isEqualTo(Transition.CREATED);
    assertThat(type(catalog, "crm.saleslead.deleted").transition()).isEqualTo(Transition.DELETED);
    assertThat(catalog.all()).hasSize(107 + 3 + 3);
    assertThat(SYSTEM.find(updated.name())).isNull();
  }

  @Test
  void a_scheduled_name_is_about_its_entity_and_changes_nothing_of_it() {
    EventType near = type(catalog(false), "scheduled.bill.near");
    EventType bill = type(SYSTEM, "billing.bill.updated");

    assertThat(near.category()).isEqualTo(Category.SCHEDULED);
    assertThat(near.entity()).isEqualTo("Bill");
    assertThat(near.transition()).isEqualTo(Transition.NONE);
    assertThat(near.fields())
        .containsAllEntriesOf(bill.fields())
        .containsEntry("scheduled.offset", FieldType.INT)
        .hasSize(bill.fields().size() + 7);
    assertThat(type(catalog(false), "scheduled.saleslead.won").fields()).containsKey("wonDate");
    assertThat(type(catalog(false), "scheduled.gone.x").fields()).isEmpty();
  }

  @Test
  void an_unknown_name_is_told_the_nearest_of_the_organizations_own() {
    EventName misspelt = new EventName("crm.saleslaed.updated");
    assertThat(catalog(false).find(misspelt)).isNull();
    assertThat(catalog(false).unknown(misspelt, "x", all -> true))
        .isEqualTo("no event type is named x, did you mean crm.saleslead.updated?");
    assertThat(
            catalog(false)
                .unknown(misspelt, "x", name -> !name.value().equals("crm.saleslead.updated")))
        .isEqualTo("no event type is named x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"com.example/order:paid", "signup", "configuration.comitment.updated"})
  void an_open_catalog_has_a_custom_event_of_any_name(String name) {
    EventType type = type(catalog(true), name);
    assertThat(type.category()).isEqualTo(Category.CUSTOM);
    assertThat(type.entity()).isNull();
    assertThat(catalog(true).all()).hasSize(113).doesNotContain(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a..b",
        "a.",
        ".a",
        "é",
        "a\nb",
        "scheduled.bill.x",
        "notification.a",
        "ingest.x",
        "integration.x.error",
        "dataexport.job",
        "scheduled",
        "Bill",
        "SalesLead"
      })
  void not_even_an_open_catalog_has_what_is_no_name_or_the_servers_own(String name) {
    assertThat(catalog(true).find(new EventName(name))).isNull();
  }

  @Test
  void an_open_catalog_has_names_of_200_characters_and_none_longer() {
    assertThat(catalog(true).find(new EventName("a".repeat(200)))).isNotNull();
    assertThat(catalog(true).find(new EventName("a".repeat(201)))).isNull();
  }

  @Test
  void what_was_learned_widens_what_is_known_and_never_narrows_it() {
    EventType known =
        type(SYSTEM, "configuration.commitment.updated")
            .with(
                List.of(
                    learned("Commitment", "amount", FieldType.INT),
                    learned("Commitment", "currency", FieldType.INT),
                    learned("Commitment", "endDate", FieldType.STRING),
                    learned("Commitment", "customFields.tier", FieldType.STRING),
                    learned("Bill", "elsewhere", FieldType.STRING)));

    assertThat(known.fields())
        .containsEntry("amount", FieldType.DOUBLE)
        .containsEntry("currency", FieldType.ANY)
        .containsEntry("endDate", FieldType.DATE)
        .containsEntry("customFields.tier", FieldType.STRING)
        .doesNotContainKey("elsewhere");
  }

  @Test
  void a_custom_entity_counts_as_described_once_something_was_learned_of_it() {
    EventType type = type(catalog(false), "crm.saleslead.updated");
    assertThat(type.described()).isFalse();
    assertThat(type.with(List.of(learned("SalesLead", "x", FieldType.INT))).described()).isTrue();
    assertThat(type.with(List.of(learned("Bill", "x", FieldType.INT))).described()).isFalse();
  }

  @Test
  void an_event_that_changes_nothing_is_learned_of_by_its_name() {
    Catalog catalog = catalog(true);
    assertThat(type(catalog, "scheduled.bill.near").subjects())
        .isEqualTo(Set.of("Bill", "scheduled.bill.near"));
    assertThat(type(catalog, "signup").subjects()).isEqualTo(Set.of("signup"));
    assertThat(type(catalog, "billing.bill.updated").subjects()).isEqualTo(Set.of("Bill"));
  }

  @ParameterizedTest
  @CsvSource({
    "INT, LONG, LONG", "LONG, DOUBLE, DOUBLE", "INT, INT, INT", "INT, STRING, ANY",
    "ANY, INT, ANY", "MAP, ARRAY, ANY", "DATE, STRING, DATE", "STRING, DATE_TIME, STRING",
    "DATE, INT, ANY", "BOOLEAN, BOOLEAN, BOOLEAN"
  })
  void two_types_are_widened_to_one_that_fits_both(FieldType one, FieldType other, FieldType both) {
    assertThat(one.widened(other)).isEqualTo(both);
    assertThat(other.widened(one).bits()).isEqualTo(both.bits());
  }

  private static LearnedField learned(String subject, String path, FieldType type) {
    return new LearnedField(subject, path, type, NOW, NOW);
  }

  @Test
  void the_changes_of_an_entity_are_found_in_whatever_capitals() {
    Catalog catalog =
        Catalog.system()
            .with(
                new CatalogAdditions(
                    1,
                    true,
                    List.of(new CustomEntity("SalesLead", "crm", List.of())),
                    List.of(
                        new ScheduledName(
                            new EventName("scheduled.saleslead.soon"), "SalesLead", "at"))));

    EntityChanges lead = Objects.requireNonNull(catalog.changesOf("SALESlead"));
    assertThat(lead.entity()).isEqualTo("SalesLead");
    assertThat(lead.names())
        .isEqualTo(
            new ChangeNames(
                new EventName("crm.saleslead.created"),
                new EventName("crm.saleslead.updated"),
                new EventName("crm.saleslead.deleted")));
    assertThat(lead.deleted().transition()).isEqualTo(Transition.DELETED);
    assertThat(Objects.requireNonNull(catalog.changesOf("bill")).names().updated().value())
        .isEqualTo("billing.bill.updated");
    assertThat(catalog.changesOf("Bil")).isNull();
    assertThat(catalog.similarEntity("Bil")).isEqualTo(", did you mean Bill?");
    for (String entity : Catalog.system().entityNames()) {
      assertThat(Objects.requireNonNull(Catalog.system().changesOf(entity)).entity())
          .isEqualTo(entity);
    }
  }
}
