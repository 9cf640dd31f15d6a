package dev.tocsin.api;

import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.event.EventName;
import dev.tocsin.spelling.Nearest;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads and writes scheduled event configurations in m3ter's form. */
final class ScheduledEventJson {
  static final int NAME_LENGTH_MAX = 200;
  static final int FIELD_LENGTH_MAX = 100;

  /** A hundred years: what is further away is a mistake. */
  static final int OFFSET_MAX = 36_500;

  private static final Pattern LAST_PART = Pattern.compile("[A-Za-z0-9_-]+");

  private ScheduledEventJson() {}

  static Reading<DraftOnEntities<Content>> read(
      Viewer author, Catalog catalog, JsonProperties properties) {
    String name = properties.text("name", NAME_LENGTH_MAX);
    String entity = properties.text("entity", FIELD_LENGTH_MAX);
    String field = properties.text("field", FIELD_LENGTH_MAX);
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
    if (offset != null && Math.abs(offset) > OFFSET_MAX) {
      properties.flaw(
          "offset", "must be a number of days from -" + OFFSET_MAX + " to " + OFFSET_MAX);
      return 0;
    }
    return offset == null ? 0 : offset.intValue();
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
    } else if (!field.isBlank() && !dates.contains(field)) {
      properties.flaw(
          "field",
          dates.isEmpty()
              ? entity + " is not known to have a date or date/time field"
              : "must be a date or date/time field of " + entity + ": one of " + joined(dates));
    }
  }

  private static String joined(Set<String> dates) {
    return String.join(", ", new TreeSet<>(dates));
  }

  private static void checkName(JsonProperties properties, String name, String entity) {
    String stem = ScheduledName.FAMILY + "." + entity.toLowerCase(Locale.ROOT) + ".";
    if (!name.isBlank()
        && !(name.startsWith(stem) && LAST_PART.matcher(name.substring(stem.length())).matches())) {
      properties.flaw(
          "name", "must be " + stem + " and then letters, digits, _ or -: a name of its own");
    }
  }

  static void append(JsonText out, ScheduledEventConfiguration configuration) {
    Content content = configuration.content();
    out.open()
        .text("id", configuration.id().toString())
        .text("name", content.name().value())
        .text("entity", content.entity())
        .text("field", content.field())
        .number("offset", content.offset());
    AuditJson.append(out, configuration.audit()).close();
  }
}
