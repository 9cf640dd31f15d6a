package dev.tocsin.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What an entity that an organization declares has to be like, wherever it is declared. */
public final class EntityForm {
  /** Longest name of an entity or a field, in characters. */
  public static final int NAME_LENGTH_MAX = 80;

  /** Most date fields of one entity. */
  public static final int DATE_FIELDS_MAX = 50;

  private static final Pattern NAME = Pattern.compile("[A-Z][A-Za-z0-9]*");
  private static final Pattern FAMILY = Pattern.compile("[a-z][a-z0-9]*");
  private static final Pattern FIELD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /**
   * What policies call resources of the server's own: an entity of that name would be denied too.
   */
  private static final Set<String> RESOURCES =
      Set.of(
          "event",
          "notificationconfiguration",
          "webhook",
          "integrationconfiguration",
          "integrationrun",
          "scheduledeventconfiguration",
          "customentity",
          "permissionpolicy",
          "serviceuser");

  private EntityForm() {}

  /** Something that is wrong with a property of an entity. */
  public record Fault(String property, String message) {}

  /**
   * Everything that is wrong with an entity; texts that are empty are somebody else's concern.
   *
   * @param catalog any: they all have the entities of the system
   */
  public static List<Fault> faults(
      Catalog catalog, String name, String family, List<String> dateFields) {
    List<Fault> faults = new ArrayList<>();
    if (!name.isEmpty()) {
      if (name.length() > NAME_LENGTH_MAX || !NAME.matcher(name).matches()) {
        faults.add(
            new Fault(
                "name",
                "must be a capital letter, then letters and digits, "
                    + NAME_LENGTH_MAX
                    + " at most, such as Lead"));
      } else if (catalog.isSystemEntity(name)) {
        faults.add(new Fault("name", "is the name of an entity that every organization has"));
      } else if (RESOURCES.contains(name.toLowerCase(Locale.ROOT))) {
        faults.add(new Fault("name", "is what policies call a resource of the server's own"));
      }
    }
    if (!family.isEmpty()) {
      if (family.length() > NAME_LENGTH_MAX || !FAMILY.matcher(family).matches()) {
        faults.add(
            new Fault(
                "family",
                "must be a small letter, then small letters and digits, "
                    + NAME_LENGTH_MAX
                    + " at most, such as crm"));
      } else if (Catalog.RESERVED_FAMILIES.contains(family)) {
        faults.add(new Fault("family", "must not be that of events that the server raises itself"));
      }
    }
    addDateFaults(dateFields, faults);
    return faults;
  }

  private static void addDateFaults(List<String> dateFields, List<Fault> faults) {
    if (dateFields.size() > DATE_FIELDS_MAX) {
      faults.add(new Fault("dateFields", "may be " + DATE_FIELDS_MAX + " fields"));
    }
    Set<String> seen = new HashSet<>();
    for (String field : dateFields) {
      if (field.length() > NAME_LENGTH_MAX || !FIELD.matcher(field).matches()) {
        faults.add(
            new Fault(
                "dateFields",
                "each must be the name of a field: a letter or _, then letters, digits and _, "
                    + NAME_LENGTH_MAX
                    + " at most"));
        return;
      }
      if (!seen.add(field)) {
        faults.add(new Fault("dateFields", field + " stands twice"));
      }
    }
    if (seen.contains("id")) {
      faults.add(new Fault("dateFields", "id is the entity's id, and no date"));
    }
  }
}
