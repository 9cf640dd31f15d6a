package dev.tocsin.store;

import dev.tocsin.catalog.FieldType;
import dev.tocsin.catalog.LearnedField;
import dev.tocsin.catalog.LearnedFields;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.ingest.SeenField;
import dev.tocsin.ingest.SeenFields;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Fields that events were seen to have, in PostgreSQL. */
public final class PgLearnedFields implements LearnedFields, SeenFields {
  private final Database database;
  private final int most;
  private final int mostOfSubject;

  /**
   * Learned fields over a pool.
   *
   * @param most how many are kept of an organization
   * @param mostOfSubject how many of an entity, or of an event type that is about none
   */
  public PgLearnedFields(Database database, int most, int mostOfSubject) {
    this.database = database;
    this.most = most;
    this.mostOfSubject = mostOfSubject;
  }

  @Override
  public List<LearnedField> all(OrganizationId organization) {
    return list(organization, null);
  }

  @Override
  public List<LearnedField> of(OrganizationId organization, Set<String> subjects) {
    return list(organization, subjects.toArray(String[]::new));
  }

  private List<LearnedField> list(OrganizationId organization, String @Nullable [] subjects) {
    List<LearnedField> fields = new ArrayList<>();
    Tuple parameters = Tuple.of(organization.value()).addValue(subjects);
    for (Row row : database.run("learnedFieldList", parameters)) {
      fields.add(
          new LearnedField(
              row.getString("subject"),
              row.getString("field"),
              FieldType.ofBits(row.getInteger("kinds")),
              row.getOffsetDateTime("first_seen").toInstant(),
              row.getOffsetDateTime("last_seen").toInstant()));
    }
    return fields;
  }

  @Override
  public int note(List<SeenField> seen) {
    Tuple parameters =
        Tuple.tuple()
            .addValue(seen.stream().map(field -> field.organization().value()).toArray(UUID[]::new))
            .addValue(seen.stream().map(SeenField::subject).toArray(String[]::new))
            .addValue(seen.stream().map(SeenField::path).toArray(String[]::new))
            .addValue(seen.stream().map(field -> field.type().bits()).toArray(Integer[]::new))
            .addValue(
                seen.stream()
                    .map(field -> Rows.timestamp(field.at()))
                    .toArray(OffsetDateTime[]::new))
            .addValue(most)
            .addValue(mostOfSubject);
    return database.inTransaction(session -> {
      session.run("learnedFieldsTurn", Tuple.tuple());
      return Rows.first(session.run("learnedFieldsNote", parameters))
          .orElseThrow()
          .getInteger("refused");
    });
  }
}
