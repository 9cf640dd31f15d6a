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
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The event types an organization has. All have three for each entity (created, updated, deleted),
 * and those that tell of failures and data exports: names are m3ter's; {@code
 * catalog/entities.json} lists the entities with their fields. An organization may have entities of
 * its own, and names that its scheduled event configurations made event types. If its catalog is
 * open, events of any other name are accepted too.
 */
public final class Catalog {
  /** What the server itself raises when an event's content is wrong. */
  public static final EventName INGEST_VALIDATION_FAILURE =
      new EventName("ingest.validation.failure");

  /** What names begin with that only the server gives. */
  static final Set<String> RESERVED_FAMILIES =
      Set.of("ingest", "dataexport", "integration", ScheduledName.FAMILY, "notification");

  /** What an open catalog takes for a name. */
  private static final Pattern OPEN_NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_:/-]*(\\.[A-Za-z0-9_:/-]+)*");

  private static final int OPEN_NAME_LENGTH_MAX = 200;

  private final Map<EventName, EventType> shared;
  private final Map<EventName, EventType> own;
  private final CatalogAdditions additions;

  /** By the names of entities in small letters: no two differ in their capitals only. */
  private final Map<String, EntityChanges> changes;

  private Catalog(
      Map<EventName, EventType> shared, Map<EventName, EventType> own, CatalogAdditions additions) {
    this.shared = shared;
    this.own = Map.copyOf(own);
    this.additions = additions;
    this.changes = changes(types().toList());
  }

  private static Map<String, EntityChanges> changes(Collection<EventType> types) {
    Map<String, Map<Transition, EventType>> byEntity = new HashMap<>();
    for (EventType type : types) {
      if (type.entity() != null && type.transition() != Transition.NONE) {
        byEntity
            .computeIfAbsent(type.entity(), none -> new EnumMap<>(Transition.class))
            .put(type.transition(), type);
      }
    }
    Map<String, EntityChanges> changes = new HashMap<>();
    byEntity.forEach((entity, each) ->
        changes.put(
            entity.toLowerCase(Locale.ROOT),
            new EntityChanges(
                entity,
                Objects.requireNonNull(each.get(Transition.CREATED)),
                Objects.requireNonNull(each.get(Transition.UPDATED)),
                Objects.requireNonNull(each.get(Transition.DELETED)))));
    return changes;
  }

  /** The catalog that comes with the server. */
  public static Catalog system() {
    Map<EventName, EventType> types = new HashMap<>();
    entities().forEach((entity, known) -> addSystemEntity(types, entity, (Map<?, ?>) known));
    addFact(types, INGEST_VALIDATION_FAILURE, Category.INGEST_VALIDATION_FAILURE);
    addFact(types, new EventName("dataexport.job.failure"), Category.DATA_EXPORT_JOB_FAILURE);
    addFact(types, new EventName("dataexport.job.success"), Category.DATA_EXPORT_JOB_SUCCESS);
    for (String error :
        new String[] {
          "authentication", "disabled", "missingaccountmapping", "perform", "validation"
        }) {
      addFact(types, new EventName("integration." + error + ".error"), Category.INTEGRATION);
    }
    return new Catalog(
        Map.copyOf(types), Map.of(), new CatalogAdditions(0, false, List.of(), List.of()));
  }

  /** What the server brings, with what an organization adds. */
  public Catalog with(CatalogAdditions organizations) {
    Map<EventName, EventType> types = new HashMap<>();
    organizations.entities().forEach(entity -> addCustomEntity(types, entity));
    Catalog entities = new Catalog(shared, types, organizations);
    Map<EventName, EventType> all = new HashMap<>(types);
    organizations
        .scheduled()
        .forEach(scheduled -> all.put(scheduled.name(), entities.scheduled(scheduled)));
    return new Catalog(shared, all, organizations);
  }

  /** Which of the organization's catalogs this is; 0 when it is none of them. */
  public long version() {
    return additions.version();
  }

  /** The event type of this name, if there is one. */
  public @Nullable EventType find(EventName name) {
    EventType type = shared.get(name);
    if (type == null) {
      type = own.get(name);
    }
    return type == null && additions.open() && isOpenName(name.value())
        ? EventType.fact(name, Category.CUSTOM)
        : type;
  }

  /** What an entity is named, no event is: fields are learned by the one name or the other. */
  private boolean isOpenName(String name) {
    return name.length() <= OPEN_NAME_LENGTH_MAX
        && OPEN_NAME.matcher(name).matches()
        && !RESERVED_FAMILIES.contains(name.split("\\.", 2)[0])
        && (name.indexOf('.') >= 0 || changeOf(name) == null);
  }

  /** What is said of a name that no event type has; what it was meant to be goes on from there. */
  public static String unknown(String quoted) {
    return "no event type is named " + quoted;
  }

  /**
   * The same, with the one that was probably meant.
   *
   * @param quoted the name as the message is to show it
   * @param visible which event types whoever is told may know of
   */
  public String unknown(EventName name, String quoted, Predicate<EventName> visible) {
    return unknown(quoted) + Nearest.suggestion(meant(name, visible));
  }

  /** The event type that was probably meant by a name that none has. */
  public @Nullable EventName meant(EventName name) {
    return meant(name, all -> true).map(EventName::new).orElse(null);
  }

  private Optional<String> meant(EventName name, Predicate<EventName> visible) {
    List<String> names =
        types().map(EventType::name).filter(visible).map(EventName::value).toList();
    return Nearest.meant(name.value(), names);
  }

  /** Every event type; of those that only an open catalog has, none. */
  public Collection<EventType> all() {
    return types().toList();
  }

  private Stream<EventType> types() {
    return Stream.concat(shared.values().stream(), own.values().stream());
  }

  /** The names of all entities. */
  public Set<String> entityNames() {
    return types()
        .map(EventType::entity)
        .filter(Objects::nonNull)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The changes of an entity, whose name may have other capitals; null when there is none such. */
  public @Nullable EntityChanges changesOf(String entity) {
    return changes.get(entity.toLowerCase(Locale.ROOT));
  }

  /** An entity that was probably meant by a name that no entity has, to add to a message. */
  public String similarEntity(String name) {
    return Nearest.suggestion(name, List.copyOf(entityNames()));
  }

  /** The fields of an entity that hold dates; null when there is no such entity. */
  public @Nullable Set<String> dateFields(String entity) {
    EventType change = changeOf(entity);
    return change == null ? null : change.dateFields();
  }

  /** The organization's own entity of this name; null when there is none. */
  public @Nullable CustomEntity ownEntity(String name) {
    return additions.entities().stream()
        .filter(entity -> entity.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  /**
   * The organization's own entity of whose change events so named tell; null when there is none.
   */
  public @Nullable CustomEntity ownEntityOf(EventName name) {
    EventType type = own.get(name);
    return type == null || type.entity() == null || type.transition() == Transition.NONE
        ? null
        : ownEntity(type.entity());
  }

  /** Those of the organization's own entities that statements of policies call so. */
  public Set<CustomEntity> ownEntitiesCalled(Collection<String> lowered) {
    return additions.entities().stream()
        .filter(entity -> lowered.contains(entity.name().toLowerCase(Locale.ROOT)))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether an entity that every organization has is named so, be it with other capitals. */
  boolean isSystemEntity(String name) {
    return shared.values().stream().anyMatch(type -> name.equalsIgnoreCase(type.entity()));
  }

  /** Any type that tells of a change of an entity: all have the same fields. */
  private @Nullable EventType changeOf(String entity) {
    EntityChanges known = changesOf(entity);
    return known == null || !known.entity().equals(entity) ? null : known.updated();
  }

  private EventType scheduled(ScheduledName scheduled) {
    EventType change = changeOf(scheduled.entity());
    return new EventType(
        scheduled.name(),
        Category.SCHEDULED,
        scheduled.entity(),
        Transition.NONE,
        change == null ? Map.of() : withOurs(change.fields()),
        change == null ? Set.of() : change.dateFields(),
        change != null && change.described());
  }

  private static Map<String, FieldType> withOurs(Map<String, FieldType> entity) {
    Map<String, FieldType> fields = new HashMap<>(entity);
    fields.putAll(ScheduledName.FIELDS);
    return fields;
  }

  private static Map<String, @Nullable Object> entities() {
    try (InputStream resource = Catalog.class.getResourceAsStream("/catalog/entities.json")) {
      byte[] bytes = Objects.requireNonNull(resource, "catalog/entities.json").readAllBytes();
      return JsonValues.payload(new String(bytes, StandardCharsets.UTF_8)).fields();
    } catch (IOException e) {
      throw new IllegalStateException("catalog/entities.json cannot be read", e);
    }
  }

  private static void addSystemEntity(
      Map<EventName, EventType> types, String entity, Map<?, ?> known) {
    String stem = (String) Objects.requireNonNull(known.get("events"));
    Category category = stem.startsWith("billing.") ? Category.BILLING : Category.CONFIGURATION;
    Map<String, FieldType> fields = fields((Map<?, ?>) Objects.requireNonNull(known.get("fields")));
    Set<String> dates =
        fields.keySet().stream()
            .filter(field -> Objects.requireNonNull(fields.get(field)).isDate())
            .collect(Collectors.toUnmodifiableSet());
    changes(stem)
        .forEach((transition, name) ->
            types.put(
                name,
                new EventType(
                    name, category, entity, transition, fields, dates, !fields.isEmpty())));
  }

  /** Of its fields only the id and the declared ones are known until events are seen. */
  private static void addCustomEntity(Map<EventName, EventType> types, CustomEntity entity) {
    Map<String, FieldType> fields = new HashMap<>(Map.of("id", FieldType.STRING));
    entity.dateFields().forEach(field -> fields.put(field, FieldType.DATE_TIME));
    changes(entity.stem())
        .forEach((transition, name) ->
            types.put(
                name,
                new EventType(
                    name,
                    Category.CUSTOM,
                    entity.name(),
                    transition,
                    fields,
                    entity.dates(),
                    false)));
  }

  /** The names of an entity's events. */
  public static List<String> eventNames(CustomEntity entity) {
    return changes(entity.stem()).values().stream().map(EventName::value).sorted().toList();
  }

  private static Map<Transition, EventName> changes(String stem) {
    return Stream.of(Transition.CREATED, Transition.UPDATED, Transition.DELETED)
        .collect(
            Collectors.toMap(
                transition -> transition,
                transition ->
                    new EventName(stem + "." + transition.name().toLowerCase(Locale.ROOT))));
  }

  private static Map<String, FieldType> fields(Map<?, ?> known) {
    return known.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                field -> (String) field.getKey(),
                field -> FieldType.of((String) field.getValue())));
  }

  private static void addFact(Map<EventName, EventType> types, EventName name, Category category) {
    types.put(name, EventType.fact(name, category));
  }
}
