package dev.tocsin.evaluate;

import dev.tocsin.catalog.ScheduledDate;
import dev.tocsin.catalog.ScheduledDates;
import dev.tocsin.evaluate.RuleSet.Listening;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.Settlement.Fired;
import dev.tocsin.rule.RuleId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the store does for evaluate, in memory; {@link LedgerContract} holds it to the real one. */
final class MemoryLedger implements Ledger, RuleSets, EntityStates {
  private record Key(OrganizationId organization, IdempotencyKey key) {}

  private record Version(long number, List<Listening> rules, ScheduledDates dates) {}

  /** What makes an appointment one. */
  private record Slot(EntityKey entity, UUID configuration, Instant due) {}

  /** What is known of an appointment; outcome is null while it waits. */
  private record Kept(long arming, String value, @Nullable String outcome) {}

  private final Map<OrganizationId, NavigableMap<Long, Version>> ruleSets = new HashMap<>();
  private final Map<EventId, Judged> events = new LinkedHashMap<>();
  private final Map<Key, EventId> keys = new HashMap<>();
  private final Map<EntityKey, EntityState> states = new HashMap<>();
  private final Map<Slot, Kept> appointments = new HashMap<>();
  private Instant now = Samples.NOW;
  private boolean losesNextRead;
  private int loads;
  private boolean losesNextAnswer;
  private @Nullable Runnable beforeNextCommit;

  /** Lets the next reading of states fail as one that lost its connection does. */
  void loseNextRead() {
    losesNextRead = true;
  }

  /** Lets the next commit happen, and its answer get lost. */
  void loseNextAnswer() {
    losesNextAnswer = true;
  }

  /** Has something done between what the next commit was judged by and the commit. */
  void beforeNextCommit(Runnable work) {
    beforeNextCommit = work;
  }

  void put(OrganizationId organization, RuleSet rules) {
    ruleSets
        .computeIfAbsent(organization, none -> new TreeMap<>())
        .put(rules.version(), new Version(rules.version(), rules.rules(), rules.dates()));
  }

  private @Nullable Version current(OrganizationId organization) {
    NavigableMap<Long, Version> versions = ruleSets.get(organization);
    return versions == null ? null : versions.lastEntry().getValue();
  }

  /** Sets the clock. */
  void now(Instant moment) {
    now = moment;
  }

  /** The appointments of an entity: configuration, due time, arming, date and outcome. */
  List<String> appointments(EntityKey entity) {
    return appointments.entrySet().stream()
        .filter(appointment -> appointment.getKey().entity().equals(entity))
        .map(appointment -> {
          Kept kept = appointment.getValue();
          return appointment.getKey().configuration().getLeastSignificantBits()
              + " "
              + appointment.getKey().due()
              + " "
              + kept.arming()
              + " "
              + kept.value()
              + (kept.outcome() == null ? "" : " " + kept.outcome());
        })
        .sorted()
        .toList();
  }

  /** Ends what is due. */
  void fireDue() {
    appointments.replaceAll((slot, kept) ->
        kept.outcome() == null && !slot.due().isAfter(now)
            ? new Kept(kept.arming(), kept.value(), "FIRED")
            : kept);
  }

  /** How often rule sets or their changes were loaded. */
  int loads() {
    return loads;
  }

  List<Judged> events() {
    return List.copyOf(events.values());
  }

  @Override
  public Map<OrganizationId, RuleSet> load(Collection<OrganizationId> organizations) {
    loads++;
    Map<OrganizationId, RuleSet> found = new HashMap<>();
    for (OrganizationId organization : organizations) {
      Version current = current(organization);
      if (current != null) {
        found.put(organization, new RuleSet(current.number(), current.rules(), current.dates()));
      }
    }
    return found;
  }

  @Override
  public Optional<RuleSetChanges> changesSince(OrganizationId organization, long version) {
    loads++;
    Version current = current(organization);
    Version before = ruleSets.getOrDefault(organization, new TreeMap<>()).get(version);
    if (current == null || before == null) {
      return Optional.empty();
    }
    Set<RuleId> gone = new HashSet<>();
    before.rules().forEach(listening -> gone.add(listening.rule().id()));
    current.rules().forEach(listening -> gone.remove(listening.rule().id()));
    return Optional.of(
        new RuleSetChanges(version, current.number(), gone, current.rules(), current.dates()));
  }

  @Override
  public void hold(OrganizationId organization, Consumer<RuleSource> work) {
    work.accept(this);
  }

  @Override
  public Map<EntityKey, EntityState> read(Collection<EntityKey> entities) {
    if (losesNextRead) {
      losesNextRead = false;
      throw new LedgerException.Unavailable("connection lost", new RuntimeException());
    }
    Map<EntityKey, EntityState> found = new HashMap<>(states);
    found.keySet().retainAll(entities);
    return found;
  }

  @Override
  public Committed commit(
      List<Judged> group, Map<OrganizationId, Long> versions, Set<OrganizationId> held) {
    Runnable first = beforeNextCommit;
    beforeNextCommit = null;
    if (first != null) {
      first.run();
    }
    Map<EntityKey, EntityState> before = new HashMap<>(states);
    Set<EntityKey> shaken = new HashSet<>();
    List<Verdict> verdicts = new ArrayList<>();
    for (Judged judged : group) {
      Verdict verdict = verdict(judged, versions, before, shaken);
      verdicts.add(verdict);
      if (verdict instanceof Verdict.Stored) {
        store(judged);
      } else if (judged.event().entity() != null) {
        shaken.add(new EntityKey(judged.organization(), judged.event().entity()));
      }
    }
    List<Skipped> skipped = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      if (verdicts.get(i) instanceof Verdict.Stored && hasLastWord(group.get(i))) {
        arm(group.get(i), skipped);
      }
    }
    if (losesNextAnswer) {
      losesNextAnswer = false;
      throw new LedgerException.Unavailable("connection lost", new RuntimeException());
    }
    return new Committed(verdicts, now.plus(Samples.LEASE), skipped);
  }

  private boolean hasLastWord(Judged judged) {
    EntityRef changed = judged.event().changed();
    EntityState state =
        changed == null ? null : states.get(new EntityKey(judged.organization(), changed));
    return state != null && state.writer().equals(judged.id());
  }

  private void arm(Judged judged, List<Skipped> skipped) {
    EntityKey entity =
        new EntityKey(judged.organization(), Objects.requireNonNull(judged.event().changed()));
    for (Judged.Appointment appointment : judged.appointments()) {
      UUID configuration = appointment.date().configuration();
      ScheduledDate.Due due = appointment.due();
      appointments
          .entrySet()
          .removeIf(other ->
              other.getKey().entity().equals(entity)
                  && other.getKey().configuration().equals(configuration)
                  && (due == null || !other.getKey().due().equals(due.at()))
                  && (judged.event().after() == null
                      || other.getValue().outcome() != null
                      || other.getKey().due().isAfter(now)
                      || other.getValue().arming() < appointment.date().arming()));
      if (due != null) {
        boolean isLate = due.at().isBefore(now.minus(Samples.LATE_WINDOW));
        Slot slot = new Slot(entity, configuration, due.at());
        Kept before = appointments.get(slot);
        if (before == null && isLate) {
          skipped.add(
              new Skipped(judged.organization(), configuration, entity.entity().id(), due.at()));
        }
        String fresh = isLate ? "SKIPPED" : null;
        appointments.put(
            slot,
            new Kept(
                appointment.date().arming(),
                due.value(),
                before == null ? fresh : before.outcome()));
      }
    }
  }

  private Verdict verdict(
      Judged judged,
      Map<OrganizationId, Long> versions,
      Map<EntityKey, EntityState> before,
      Set<EntityKey> shaken) {
    IdempotencyKey key = judged.event().key();
    EventId first = key == null ? null : keys.get(new Key(judged.organization(), key));
    if (first != null) {
      return new Verdict.Duplicate(first);
    }
    Version rules = current(judged.organization());
    if (rules == null || !Objects.equals(rules.number(), versions.get(judged.organization()))) {
      return new Verdict.StaleRules();
    }
    Judged.Assumption assumption = judged.assumption();
    if (assumption != null && judged.event().entity() != null) {
      EntityKey entity = new EntityKey(judged.organization(), judged.event().entity());
      if (shaken.contains(entity) || !writes(before.get(entity), assumption.writer())) {
        return new Verdict.StaleState();
      }
    }
    return new Verdict.Stored();
  }

  private static boolean writes(@Nullable EntityState state, @Nullable EventId writer) {
    return state == null ? writer == null : state.writer().equals(writer);
  }

  private void store(Judged judged) {
    if (events.putIfAbsent(judged.id(), judged) != null) {
      throw new IllegalStateException(judged.id() + " is stored twice");
    }
    if (judged.event().key() != null) {
      keys.put(new Key(judged.organization(), judged.event().key()), judged.id());
    }
    if (judged.event().changed() != null) {
      EntityKey entity = new EntityKey(judged.organization(), judged.event().changed());
      EntityState state = states.get(entity);
      if (state == null || !state.time().isAfter(judged.event().time())) {
        states.put(
            entity, new EntityState(judged.id(), judged.event().time(), judged.event().after()));
      }
    }
  }

  @Override
  public Map<IdempotencyKey, EventId> firsts(
      OrganizationId organization, Collection<IdempotencyKey> wanted) {
    Map<IdempotencyKey, EventId> firsts = new HashMap<>();
    for (IdempotencyKey key : wanted) {
      EventId first = keys.get(new Key(organization, key));
      if (first != null) {
        firsts.put(key, first);
      }
    }
    return firsts;
  }

  @Override
  public Map<EventId, EventName> names(OrganizationId organization, Collection<EventId> ids) {
    Map<EventId, EventName> names = new HashMap<>();
    for (EventId id : ids) {
      Judged judged = find(organization, id);
      if (judged != null) {
        names.put(id, judged.event().name());
      }
    }
    return names;
  }

  @Override
  public Collection<EventId> stored(OrganizationId organization, Collection<EventId> ids) {
    Set<EventId> stored = new HashSet<>(ids);
    stored.removeIf(id -> find(organization, id) == null);
    return stored;
  }

  @Override
  public Map<EventId, List<Fired>> notifications(
      OrganizationId organization, Collection<EventId> ids) {
    Map<EventId, List<Fired>> fired = new HashMap<>();
    for (EventId id : ids) {
      Judged judged = find(organization, id);
      if (judged != null && !judged.firings().isEmpty()) {
        fired.put(
            id,
            judged.firings().stream()
                .map(firing ->
                    new Fired(firing.notification(), firing.rule().id(), firing.rule().code()))
                .toList());
      }
    }
    return fired;
  }

  private @Nullable Judged find(OrganizationId organization, EventId id) {
    Judged judged = events.get(id);
    return judged == null || !judged.organization().equals(organization) ? null : judged;
  }
}
