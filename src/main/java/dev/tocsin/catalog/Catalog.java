package dev.tocsin.catalog;

import dev.tocsin.event.Category;
import dev.tocsin.event.EventName;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Transition;
import dev.tocsin.spelling.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The event types every organization has: three for each entity (created, updated, deleted), and
 * those that tell of failures and data exports. Names are m3ter's; {@code catalog/entities.json}
 * lists the entities with their fields.
 */
public final class Catalog {
  /** What the server itself raises when an event's content is wrong. */
  public static final EventName INGEST_VALIDATION_FAILURE =
      new EventName("ingest.validation.failure");

  private final Map<EventName, EventType> types;
  private final Set<String> names;

  private Catalog(Map<EventName, EventType> types) {
    this.types = Map.copyOf(types);
    this.names = types.keySet().stream().map(EventName::value).collect(Collectors.toSet());
  }

  /** The catalog that comes with the server. */
  public static Catalog system() {
    Map<EventName, EventType> types = new HashMap<>();
    entities().forEach((entity, known) -> addEntity(types, entity, (Map<?, ?>) known));
    addFact(types, INGEST_VALIDATION_FAILURE, Category.INGEST_VALIDATION_FAILURE);
    addFact(types, new EventName("dataexport.job.failure"), Category.DATA_EXPORT_JOB_FAILURE);
    addFact(types, new EventName("dataexport.job.success"), Category.DATA_EXPORT_JOB_SUCCESS);
    for (String error :
        new String[] {
          "authentication", "disabled", "missingaccountmapping", "perform", "validation"
        }) {
      addFact(types, new EventName("integration." + error + ".error"), Category.INTEGRATION);
    }
    return new Catalog(types);
  }

  /** The event type of this name, if there is one. */
  public @Nullable EventType find(EventName name) {
    return types.get(name);
  }

  /**
   * What is said of a name that no event type has, with the one that was probably meant.
   *
   * @param quoted the name as the message is to show it
   */
  public String unknown(EventName name, String quoted) {
    return "no event type is named " + quoted + Nearest.suggestion(name.value(), names);
  }

  /** Every event type. */
  public Collection<EventType> all() {
    return types.values();
  }

  private static Map<String, @Nullable Object> entities() {
    try (InputStream resource = Catalog.class.getResourceAsStream("/catalog/entities.json")) {
      byte[] bytes = Objects.requireNonNull(resource, "catalog/entities.json").readAllBytes();
      return JsonValues.payload(new String(bytes, StandardCharsets.UTF_8)).fields();
    } catch (IOException e) {
      throw new IllegalStateException("catalog/entities.json cannot be read", e);
    }
  }

  private static void addEntity(Map<EventName, EventType> types, String entity, Map<?, ?> known) {
    String stem = (String) Objects.requireNonNull(known.get("events"));
    Category category = stem.startsWith("billing.") ? Category.BILLING : Category.CONFIGURATION;
    Map<String, FieldType> fields = fields((Map<?, ?>) Objects.requireNonNull(known.get("fields")));
    Set<String> dates =
        fields.keySet().stream()
            .filter(field -> Objects.requireNonNull(fields.get(field)).isDate())
            .collect(Collectors.toUnmodifiableSet());
    for (Transition transition :
        new Transition[] {Transition.CREATED, Transition.UPDATED, Transition.DELETED}) {
      EventName name = new EventName(stem + "." + transition.name().toLowerCase(Locale.ROOT));
      types.put(name, new EventType(name, category, entity, transition, fields, dates));
    }
  }

  private static Map<String, FieldType> fields(Map<?, ?> known) {
    return known.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                field -> (String) field.getKey(),
                field -> FieldType.of((String) field.getValue())));
  }

  private static void addFact(Map<EventName, EventType> types, EventName name, Category category) {
    types.put(name, new EventType(name, category, null, Transition.NONE, Map.of(), Set.of()));
  }
}
