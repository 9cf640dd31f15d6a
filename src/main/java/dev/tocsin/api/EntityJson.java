package dev.tocsin.api;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.EntityForm;
import java.util.List;

/** Reads and writes custom entities. */
final class EntityJson {
  private static final int TEXT_LENGTH_MAX = 200;

  private EntityJson() {}

  /**
   * Reads one.
   *
   * @param name as the path has it, which the body may repeat
   */
  static Reading<CustomEntity> read(Catalog catalog, String name, JsonProperties properties) {
    String repeated = properties.optionalText("name", TEXT_LENGTH_MAX);
    if (repeated != null && !repeated.equals(name)) {
      properties.flaw("name", "must be the name in the path, or be left out");
    }
    String family = properties.text("family", TEXT_LENGTH_MAX);
    List<String> dateFields =
        properties.texts("dateFields", EntityForm.DATE_FIELDS_MAX, TEXT_LENGTH_MAX);
    EntityForm.faults(catalog, name, family, dateFields)
        .forEach(fault -> properties.flaw(fault.property(), fault.message()));
    return properties.result(() -> new CustomEntity(name, family, dateFields));
  }

  static void append(JsonText out, EntityDeclaration declaration) {
    CustomEntity entity = declaration.entity();
    out.open().text("name", entity.name()).text("family", entity.family());
    out.openArray("dateFields");
    entity.dateFields().forEach(out::item);
    out.closeArray().openArray("eventNames");
    Catalog.eventNames(entity).forEach(out::item);
    out.closeArray().flag("declaredInFile", declaration.inFile());
    AuditJson.append(out, declaration.audit()).close();
  }
}
