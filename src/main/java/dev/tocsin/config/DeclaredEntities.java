package dev.tocsin.config;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.EntityForm;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the entities that an organization's file declares. */
final class DeclaredEntities {
  private static final Catalog SYSTEM = Catalog.system();

  private DeclaredEntities() {}

  static List<CustomEntity> read(List<YamlMap> entities) {
    Map<String, String> names = new HashMap<>();
    return entities.stream().map(entity -> read(entity, names)).toList();
  }

  private static CustomEntity read(YamlMap map, Map<String, String> names) {
    String name = map.text("name", OrganizationFiles.TEXT_LENGTH_MAX);
    String family = map.text("family", OrganizationFiles.TEXT_LENGTH_MAX);
    List<String> dateFields =
        map.texts("dateFields", OrganizationFiles.TEXT_LENGTH_MAX).stream()
            .map(YamlMap.Text::value)
            .toList();
    EntityForm.faults(SYSTEM, name, family, dateFields)
        .forEach(fault -> map.problem(fault.property(), fault.message()));
    // Capitals aside, or both would have the same events.
    String other = names.putIfAbsent(name.toLowerCase(Locale.ROOT), map.place("name"));
    if (other != null && !name.isEmpty()) {
      map.problem("name", "is used already, in " + other);
    }
    map.refuseOthers();
    return new CustomEntity(name, family, dateFields);
  }
}
