package dev.tocsin.store;

import dev.tocsin.store.PlainCalendar.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Scheduled events as their documentation has them, one thing after the other: what must be
 * appointed, fired and skipped.
 */
final class AppointmentModel {
  private final Duration lateWindow;
  private final Map<UUID, Configuration> configurations = new TreeMap<>();
  private final Map<String, State> states = new TreeMap<>();
  private final Map<Appointed, Row> rows = new HashMap<>();
  private final Set<Appointed> events = new HashSet<>();
  private ZoneId zone;

  AppointmentModel(ZoneId zone, Duration lateWindow) {
    this.zone = zone;
    this.lateWindow = lateWindow;
  }

  /** What there is one event of, whatever happens. */
  record Appointed(UUID configuration, String entityId, Instant due) {}

  /** As its author has it, and how often its appointments were made new. */
  record Configuration(String entity, String field, int offset, long generation) {}

  /**
   * An entity's state.
   *
   * @param version counts its changes
   * @param values by field; null when the entity is deleted
   */
  record State(int version, Instant time, @Nullable Map<String, Value> values) {}

  /** What happened to an entity. */
  record Change(String entity, String id, Instant time, @Nullable Map<String, Value> values) {}

  private static final class Row {
    String outcome = "";
    long generation;
    Instant leasedUntil = Instant.MIN;
  }

  private static String named(String entity, String id) {
    return entity + "/" + id;
  }

  /** Changes that are stored together: of each entity the latest is its state. */
  void changed(List<Change> together, Instant now) {
    Set<String> touched = new TreeSet<>();
    Set<String> born = new TreeSet<>();
    for (Change change : together) {
      String name = named(change.entity(), change.id());
      State before = states.get(name);
      if (before == null) {
        born.add(name);
      }
      if (before == null || !change.time().isBefore(before.time())) {
        int version = before == null ? 1 : before.version() + 1;
        states.put(name, new State(version, change.time(), change.values()));
        touched.add(name);
      }
    }
    configurations.forEach((id, configuration) ->
        touched.stream()
            .filter(name -> name.startsWith(configuration.entity() + "/"))
            .forEach(name -> {
              if (!born.contains(name)) {
                removeOthers(id, name, now);
              }
              appoint(id, name, now);
            }));
  }

  int version(String entity, String id) {
    State state = states.get(named(entity, id));
    return state == null ? 0 : state.version();
  }

  /**
   * Removes what an entity had at other times than its state says. One that is new had nothing;
   * what an entity of another kind left under its id is for a walk to remove.
   */
  private void removeOthers(UUID id, String name, Instant now) {
    String entityId = entityId(name);
    Instant due = due(id, name);
    boolean isThere = Objects.requireNonNull(states.get(name)).values() != null;
    rows.entrySet()
        .removeIf(entry ->
            entry.getKey().configuration().equals(id)
                && entry.getKey().entityId().equals(entityId)
                && !entry.getKey().due().equals(due)
                && !(isThere && isOwed(entry.getKey(), entry.getValue(), now)));
  }

  /** Makes the appointment that an entity's state says, if there is none at that time. */
  private void appoint(UUID id, String name, Instant now) {
    Instant due = due(id, name);
    if (due != null) {
      Row row =
          rows.computeIfAbsent(
              new Appointed(id, entityId(name), due),
              key -> {
                Row made = new Row();
                made.outcome = due.isBefore(now.minus(lateWindow)) ? "SKIPPED" : "";
                return made;
              });
      row.generation = configuration(id).generation();
    }
  }

  private @Nullable Instant due(UUID id, String name) {
    Configuration configuration = configuration(id);
    Map<String, Value> values = Objects.requireNonNull(states.get(name)).values();
    Value value = values == null ? null : values.get(configuration.field());
    return value == null ? null : PlainCalendar.due(value, configuration.offset(), zone);
  }

  private static String entityId(String name) {
    return name.substring(name.indexOf('/') + 1);
  }

  private Configuration configuration(UUID id) {
    return Objects.requireNonNull(configurations.get(id));
  }

  /** Due, and nobody was there to fire it. */
  private boolean isOwed(Appointed key, Row row, Instant now) {
    Configuration configuration = configurations.get(key.configuration());
    return configuration != null
        && row.generation == configuration.generation()
        && row.outcome.isEmpty()
        && !key.due().isAfter(now);
  }

  Map<UUID, Configuration> configurations() {
    return configurations;
  }

  /** Makes or replaces a configuration; what is stored is armed by walks. */
  void configured(UUID id, String entity, String field, int offset) {
    Configuration before = configurations.get(id);
    boolean isSame =
        before != null
            && before.entity().equals(entity)
            && before.field().equals(field)
            && before.offset() == offset;
    long generation = before == null ? 1 : before.generation() + (isSame ? 0 : 1);
    configurations.put(id, new Configuration(entity, field, offset, generation));
  }

  void removed(UUID id) {
    configurations.remove(id);
    rows.keySet().removeIf(key -> key.configuration().equals(id));
  }

  void moved(ZoneId to) {
    if (!to.equals(zone)) {
      zone = to;
      configurations.replaceAll((id, one) ->
          new Configuration(one.entity(), one.field(), one.offset(), one.generation() + 1));
    }
  }

  /** A walk came by an entity, and had read this version of its state. */
  void walked(UUID id, String entity, String entityId, int version, Instant now) {
    if (version(entity, entityId) == version) {
      removeOthers(id, named(entity, entityId), now);
      appoint(id, named(entity, entityId), now);
    }
  }

  /** A walk removed what is left of earlier generations, some entities further. */
  void removedEarlier(UUID id, @Nullable String after, int most) {
    List<String> passed =
        rows.keySet().stream()
            .filter(key -> key.configuration().equals(id))
            .map(Appointed::entityId)
            .filter(entityId -> after == null || entityId.compareTo(after) > 0)
            .sorted()
            .toList();
    String last = passed.isEmpty() ? "" : passed.get(Math.min(most, passed.size()) - 1);
    rows.entrySet()
        .removeIf(entry ->
            entry.getKey().configuration().equals(id)
                && (after == null || entry.getKey().entityId().compareTo(after) > 0)
                && entry.getKey().entityId().compareTo(last) <= 0
                && entry.getValue().generation < configuration(id).generation());
  }

  /** Takes what is due and nobody has. */
  Set<Appointed> claimed(Instant now, Duration lease) {
    Set<Appointed> taken =
        rows.entrySet().stream()
            .filter(entry -> isOwed(entry.getKey(), entry.getValue(), now))
            .filter(entry -> !entry.getValue().leasedUntil.isAfter(now))
            .map(Map.Entry::getKey)
            .filter(this::isThere)
            .collect(Collectors.toSet());
    taken.forEach(key -> Objects.requireNonNull(rows.get(key)).leasedUntil = now.plus(lease));
    return taken;
  }

  private boolean isThere(Appointed key) {
    State state = states.get(named(configuration(key.configuration()).entity(), key.entityId()));
    return state != null && state.values() != null;
  }

  /** The events of these are stored; a second one of the same is none. */
  void stored(Collection<Appointed> keys) {
    events.addAll(keys);
  }

  void fired(Collection<Appointed> keys) {
    for (Appointed key : keys) {
      Row row = rows.get(key);
      if (row != null && row.outcome.isEmpty()) {
        row.outcome = "FIRED";
        row.leasedUntil = Instant.MIN;
      }
    }
  }

  /** When the next appointment is due; null when none is. */
  @Nullable Instant nextDue(Instant now) {
    return rows.entrySet().stream()
        .filter(entry -> entry.getValue().outcome.isEmpty() && entry.getKey().due().isAfter(now))
        .map(entry -> entry.getKey().due())
        .sorted()
        .findFirst()
        .orElse(null);
  }

  Set<Appointed> events() {
    return Set.copyOf(events);
  }

  /** All appointments, once all walks are through, with what became of each. */
  Set<String> rows() {
    return rows.entrySet().stream()
        .map(entry -> told(entry.getKey(), entry.getValue().outcome, entry.getValue().generation))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static String told(Appointed key, String outcome, long generation) {
    return "%s %s %s %s %d"
        .formatted(key.entityId(), key.due(), key.configuration(), outcome, generation);
  }

  /** Whether each entity with a date has an appointment as of its configuration now. */
  Set<Appointed> unarmed() {
    Set<Appointed> unarmed = new HashSet<>();
    configurations.forEach((id, configuration) ->
        states.forEach((name, state) -> {
          Map<String, Value> values = state.values();
          Value value = values == null ? null : values.get(configuration.field());
          if (value != null && name.startsWith(configuration.entity() + "/")) {
            Instant due = PlainCalendar.due(value, configuration.offset(), zone);
            Appointed key = due == null ? null : new Appointed(id, entityId(name), due);
            Row row = key == null ? null : rows.get(key);
            if (key != null && (row == null || row.generation < configuration.generation())) {
              unarmed.add(key);
            }
          }
        }));
    return unarmed;
  }
}
