package dev.tocsin.api;

import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.ScheduledForm;
import dev.tocsin.event.EventName;
import dev.tocsin.spelling.Nearest;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads and writes scheduled event configurations in m3ter's form. */
final class ScheduledEventJson {
  private ScheduledEventJson() {}

  static Reading<DraftOnEntities<Content>> read(
      Viewer author, Catalog catalog, JsonProperties properties) {
    String name = properties.text("name", ScheduledForm.NAME_LENGTH_MAX);
    String entity = properties.text("entity", ScheduledForm.FIELD_LENGTH_MAX);
    String field = properties.text("field", ScheduledForm.FIELD_LENGTH_MAX);
    int offset = offset(properties);
    if (!entity.isBlank()) {
      checkEntity(author, catalog, properties, entity, field);
      checkName(properties, name, entity);
    }
    CustomEntity own = catalog.ownEntity(entity);
    return properties.result(() ->
        new DraftOnEntities<>(
            new Content(new EventName(name), entity, field, offset),
            own == null ? Set.of() : Set.of(own)));
  }

  private static int offset(JsonProperties properties) {
    Long offset = properties.wholeNumber("offset");
    if (offset == null && !properties.has("offset")) {
      properties.flaw("offset", "is required: a whole number of days");
    }
    if (offset == null) {
      return 0;
    }
    note(properties, "offset", ScheduledForm.faultOfOffset(offset));
    return offset.intValue();
  }

  /** An entity that is hidden from the author is none. */
  private static void checkEntity(
      Viewer author, Catalog catalog, JsonProperties properties, String entity, String field) {
    Set<String> dates = catalog.dateFields(entity);
    if (dates == null || author.hidden().hidesEntity(entity)) {
      Set<String> visible = new TreeSet<>(catalog.entityNames());
      visible.removeIf(author.hidden()::hidesEntity);
      properties.flaw(
          "entity", "there is no entity \"" + entity + '"' + Nearest.suggestion(entity, visible));
    } else if (!field.isBlank()) {
      note(properties, "field", ScheduledForm.faultOfField(entity, field, dates));
    }
  }

  private static void checkName(JsonProperties properties, String name, String entity) {
    if (!name.isBlank()) {
      note(properties, "name", ScheduledForm.faultOfName(name, entity));
    }
  }

  private static void note(JsonProperties properties, String name, @Nullable String fault) {
    if (fault != null) {
      properties.flaw(name, fault);
    }
  }

  static void append(JsonText out, ScheduledEventConfiguration configuration) {
    Content content = configuration.content();
    out.open()
        .text("id", configuration.id().toString())
        .text("name", content.name().value())
        .text("entity", content.entity())
        .text("field", content.field())
        .number("offset", content.offset())
        .flag("declaredInFile", configuration.inFile());
    AuditJson.append(out, configuration.audit()).close();
  }
}
