package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.FieldType;
import dev.tocsin.catalog.LearnedField;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.ingest.SeenField;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgLearnedFieldsPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final Instant NOW = Samples.NOW;
  private static final Instant LATER = NOW.plusSeconds(3600);

  private OrganizationId acme;
  private OrganizationId bolt;
  private PgLearnedFields fields;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    bolt = StoreSamples.organization(postgres);
    fields = new PgLearnedFields(postgres.database(), 6, 4);
  }

  private SeenField seen(String subject, String path, FieldType type, Instant at) {
    return new SeenField(acme, subject, path, type, at);
  }

  @Test
  void what_is_seen_is_kept_with_the_widest_type_and_the_first_and_last_time() {
    fields.note(
        List.of(
            seen("Lead", "a", FieldType.INT, LATER),
            seen("Lead", "a", FieldType.DOUBLE, NOW),
            seen("Lead", "b.c", FieldType.STRING, NOW)));
    fields.note(
        List.of(
            seen("Lead", "b.c", FieldType.BOOLEAN, LATER),
            seen("Lead", "a", FieldType.INT, NOW.minusSeconds(1))));

    assertThat(fields.all(acme))
        .containsExactly(
            new LearnedField("Lead", "a", FieldType.DOUBLE, NOW.minusSeconds(1), LATER),
            new LearnedField("Lead", "b.c", FieldType.ANY, NOW, LATER));
  }

  @Test
  void fields_are_found_by_subject_and_only_by_their_own_organization() {
    fields.note(
        List.of(
            seen("Lead", "a", FieldType.INT, NOW),
            seen("Bill", "b", FieldType.INT, NOW),
            new SeenField(bolt, "Lead", "c", FieldType.INT, NOW)));

    assertThat(fields.of(acme, Set.of("Lead", "Plan")))
        .extracting(LearnedField::path)
        .containsExactly("a");
    assertThat(fields.all(bolt)).extracting(LearnedField::path).containsExactly("c");
  }

  @Test
  void there_are_no_more_than_there_may_be_of_a_subject_and_of_an_organization() {
    assertThat(fields.note(many("Lead", 6))).isEqualTo(2);
    assertThat(fields.note(many("Bill", 3))).isEqualTo(1);
    assertThat(fields.all(acme)).hasSize(6);

    assertThat(fields.note(List.of(seen("Lead", "f1", FieldType.STRING, LATER)))).isZero();
    assertThat(fields.of(acme, Set.of("Lead")).get(1).type()).isEqualTo(FieldType.ANY);
    assertThat(fields.note(List.of(new SeenField(bolt, "Lead", "x", FieldType.INT, NOW)))).isZero();
  }

  private List<SeenField> many(String subject, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> seen(subject, "f" + i, FieldType.INT, NOW))
        .toList();
  }

  @Test
  void what_was_seen_of_an_organization_that_is_gone_is_left_out() {
    OrganizationId gone = new OrganizationId(StoreSamples.id());
    assertThat(
            fields.note(
                List.of(
                    new SeenField(gone, "Lead", "a", FieldType.INT, NOW),
                    seen("Lead", "a", FieldType.INT, NOW))))
        .isZero();
    assertThat(fields.all(acme)).hasSize(1);
    assertThat(fields.all(gone)).isEmpty();
  }
}
