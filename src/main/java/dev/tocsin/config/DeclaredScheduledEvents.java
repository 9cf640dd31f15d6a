package dev.tocsin.config;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.ScheduledForm;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.config.DeclaredOrganization.ScheduledEvent;
import dev.tocsin.event.EventName;
import dev.tocsin.spelling.Nearest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the scheduled events that an organization's file declares. */
final class DeclaredScheduledEvents {
  private final Catalog catalog;
  private final Map<String, String> names = new HashMap<>();

  /**
   * Scheduled events of one file.
   *
   * @param catalog of the system, with the entities that the file declares
   */
  DeclaredScheduledEvents(Catalog catalog) {
    this.catalog = catalog;
  }

  List<ScheduledEvent> read(List<YamlMap> events) {
    return events.stream().map(this::read).toList();
  }

  private ScheduledEvent read(YamlMap map) {
    String name = map.text("name", ScheduledForm.NAME_LENGTH_MAX);
    String entity = map.text("entity", ScheduledForm.FIELD_LENGTH_MAX);
    String field = map.text("field", ScheduledForm.FIELD_LENGTH_MAX);
    int offset = offset(map);
    Set<String> dates = catalog.dateFields(entity);
    if (dates != null) {
      note(map, "name", name, ScheduledForm.faultOfName(name, entity));
      note(map, "field", field, ScheduledForm.faultOfField(entity, field, dates));
    } else if (!entity.isEmpty()) {
      map.problem(
          "entity",
          "there is no entity \""
              + entity
              + '"'
              + Nearest.suggestion(entity, new TreeSet<>(catalog.entityNames())));
    }
    String other = name.isEmpty() ? null : names.putIfAbsent(name, map.place("name"));
    if (other != null) {
      map.problem("name", "is used already, in " + other);
    }
    map.refuseOthers();
    return new ScheduledEvent(new ScheduledName(new EventName(name), entity, field), offset);
  }

  private static void note(YamlMap map, String key, String value, @Nullable String fault) {
    if (fault != null && !value.isEmpty()) {
      map.problem(key, fault);
    }
  }

  private static int offset(YamlMap map) {
    Integer offset = map.wholeNumber("offset", "a whole number of days");
    if (offset == null) {
      return 0;
    }
    String fault = ScheduledForm.faultOfOffset(offset);
    if (fault != null) {
      map.problem("offset", fault);
    }
    return offset;
  }
}
