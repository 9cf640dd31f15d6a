package dev.tocsin.access;

import dev.tocsin.catalog.EventType;
import dev.tocsin.event.EventName;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The events that somebody may not see though he may see events.
 *
 * <p>Each is named by what it is about: {@code product} stands for the events of all products,
 * {@code product/p-1} for those of one, {@code account/a-1} for those of an account and of all that
 * belongs to it, {@code event/…} for one event, and {@code *} for all. The database's function
 * {@code event_is_hidden} reads these names.
 *
 * @param names what is hidden; empty when nothing is
 */
public record HiddenEvents(Set<String> names) {
  /** For somebody who may see all. */
  public static final HiddenEvents NONE = new HiddenEvents(Set.of());

  static final String ALL = "*";

  public HiddenEvents {
    names = Set.copyOf(names);
  }

  /** Whether all events of this type are hidden: by its name, or by the entity it is about. */
  public boolean hides(EventType type) {
    return hides(type.name()) || (type.entity() != null && hidesEntity(type.entity()));
  }

  /** Whether all events of this name are hidden. */
  public boolean hides(EventName name) {
    return names.contains(ALL) || entitiesOf(name).stream().anyMatch(names::contains);
  }

  /** Whether the events of an entity are hidden as such, and so whatever tells of it. */
  public boolean hidesEntity(String name) {
    return names.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Whether anything is. */
  public boolean isEmpty() {
    return names.isEmpty();
  }

  /** Whether all events of an entity are hidden, or those of the one item that has this id. */
  public boolean hides(String entity, String id) {
    String name = entity.toLowerCase(Locale.ROOT);
    return names.contains(ALL) || names.contains(name) || names.contains(name + "/" + id);
  }

  /** Whether all is hidden that belongs to some account: whose an item is, its id does not say. */
  public boolean hidesAccounts() {
    return names.stream().anyMatch(name -> name.startsWith("account/"));
  }

  /**
   * The entities whose events may be so named, as statements call them: the second part of {@code
   * configuration.product.created} and of all names that have three. Of others, which are those of
   * open catalogs, nobody said what they are about, so it may be any part: the database's {@code
   * event_entities} says the same.
   */
  private static List<String> entitiesOf(EventName name) {
    List<String> parts = List.of(name.value().toLowerCase(Locale.ROOT).split("\\.", -1));
    return parts.size() == 3 ? parts.subList(1, 2) : parts;
  }
}
