package dev.tocsin.schedule;

import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Appointments in memory; {@link ScheduleStoreContract} holds it to the real store. */
final class MemoryScheduleStore implements ScheduleStore {
  static final Duration LEASE = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final List<DueEvent> waiting = new ArrayList<>();
  private final Map<DueEvent, Instant> leases = new HashMap<>();
  private final Set<DueEvent> fired = new HashSet<>();
  private boolean losesNextAnswer;
  private Runnable beforeNextNote = () -> {};

  MemoryScheduleStore(InstantSource clock) {
    this.clock = clock;
  }

  /** An appointment of an organization's configuration with a bill. */
  static DueEvent due(int organization, int configuration, String bill, Instant due, String state) {
    return new DueEvent(
        new OrganizationId(new UUID(0, organization)),
        new UUID(7, configuration),
        new EventName("scheduled.bill.e" + configuration),
        new EntityRef("Bill", bill),
        "endDate",
        "2026-11-18",
        5,
        due,
        due.minusSeconds(60),
        state);
  }

  /** The same, but made at another time than a minute before it is due. */
  static DueEvent armed(DueEvent due, Instant armed) {
    return new DueEvent(
        due.organization(),
        due.configuration(),
        due.name(),
        due.entity(),
        due.field(),
        due.value(),
        due.offset(),
        due.due(),
        armed,
        due.state());
  }

  void add(DueEvent due) {
    waiting.add(due);
  }

  Set<DueEvent> fired() {
    return Set.copyOf(fired);
  }

  /** Has the next note of what was fired fail, though it is made. */
  void loseNextAnswer() {
    losesNextAnswer = true;
  }

  /** Has this happen when next it is noted what was fired, before that is noted. */
  void beforeNextNote(Runnable happens) {
    beforeNextNote = happens;
  }

  private Stream<DueEvent> free() {
    Instant now = clock.instant();
    return waiting.stream().filter(due -> !leases.getOrDefault(due, Instant.MIN).isAfter(now));
  }

  @Override
  public Claimed claim(Wanted wanted) {
    Instant now = clock.instant();
    Map<String, List<DueEvent>> found = new TreeMap<>();
    free()
        .filter(due -> !due.due().isAfter(now) && !wanted.except().contains(due.organization()))
        .filter(due ->
            wanted.after() == null
                || due.organization().toString().compareTo(wanted.after().toString()) > 0)
        .sorted(Comparator.comparing(DueEvent::due))
        .forEach(due ->
            found
                .computeIfAbsent(due.organization().toString(), none -> new ArrayList<>())
                .add(due));
    List<DueEvent> claimed = new ArrayList<>();
    boolean isMore = false;
    List<List<DueEvent>> turns = found.values().stream().limit(wanted.organizationsMax()).toList();
    for (List<DueEvent> theirs : turns) {
      List<DueEvent> fitting = fitting(theirs, wanted);
      claimed.addAll(fitting);
      isMore |= fitting.size() < theirs.size() || fitting.size() == wanted.eventsMax();
    }
    claimed.forEach(due -> leases.put(due, now.plus(LEASE)));
    return new Claimed(
        claimed,
        turns.size() < wanted.organizationsMax() ? null : claimed.getLast().organization(),
        isMore);
  }

  private static List<DueEvent> fitting(List<DueEvent> theirs, Wanted wanted) {
    List<DueEvent> fitting = new ArrayList<>();
    int bytes = 0;
    for (DueEvent due : theirs) {
      if (fitting.size() == wanted.eventsMax() || bytes >= wanted.bytesMax()) {
        break;
      }
      fitting.add(due);
      bytes += due.state().length();
    }
    return fitting;
  }

  @Override
  public void fired(List<DueEvent> events, Set<Integer> stored) {
    Runnable before = beforeNextNote;
    beforeNextNote = () -> {};
    before.run();
    waiting.removeAll(events);
    fired.addAll(events);
    if (losesNextAnswer) {
      losesNextAnswer = false;
      throw new StoreUnavailable("connection lost", new RuntimeException());
    }
  }

  @Override
  public void giveBack(Collection<DueEvent> events, Duration pause) {
    Instant again = clock.instant().plus(pause);
    events.forEach(due -> leases.put(due, again));
  }

  @Override
  public @Nullable Instant nextDue(Instant after) {
    return waiting.stream()
        .map(DueEvent::due)
        .filter(due -> due.isAfter(after))
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  @Override
  public @Nullable Instant overdueSince() {
    Instant now = clock.instant();
    return waiting.stream()
        .filter(due -> !due.due().isAfter(now))
        .map(due -> due.cameLate() ? due.armed() : due.due())
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  @Override
  public String toString() {
    return Objects.toString(waiting);
  }
}
