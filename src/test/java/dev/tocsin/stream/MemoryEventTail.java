package dev.tocsin.stream;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.event.EventId;
import dev.tocsin.event.Horizon;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.flow.StoreUnavailable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Events in memory, stored by transactions that end in any order. */
public final class MemoryEventTail implements EventTail {
  private static final Comparator<Placed> ORDER =
      (one, other) ->
          one.position().isBefore(other.position())
              ? -1
              : other.position().isBefore(one.position()) ? 1 : 0;

  private final BiPredicate<HiddenEvents, StoredEvent> hides;
  private final Horizon horizon;
  private final List<Placed> rows = new ArrayList<>();
  private final TreeSet<Long> underWay = new TreeSet<>();
  private long next = 3;
  private boolean away;

  /** What happens while a reader waits for the answer; nothing unless a test says so. */
  private Runnable interlude = () -> {};

  /** No events; what is hidden from whom, a test decides. */
  public MemoryEventTail(BiPredicate<HiddenEvents, StoredEvent> hides) {
    this(hides, organization -> EventId.floor(Instant.EPOCH));
  }

  /** The same, as far back as events are kept. */
  public MemoryEventTail(BiPredicate<HiddenEvents, StoredEvent> hides, Horizon horizon) {
    this.hides = hides;
    this.horizon = horizon;
  }

  synchronized long begin() {
    underWay.add(next);
    return next++;
  }

  synchronized void store(long transaction, StoredEvent event) {
    rows.add(new Placed(event, transaction));
  }

  synchronized void commit(long transaction) {
    underWay.remove(transaction);
  }

  synchronized void abort(long transaction) {
    rows.removeIf(row -> row.transaction() == transaction);
    underWay.remove(transaction);
  }

  /** Stores an event by a transaction of its own. */
  public void add(StoredEvent event) {
    long transaction = begin();
    store(transaction, event);
    commit(transaction);
  }

  /** Drops an event, as expiry does. */
  synchronized void drop(EventId id) {
    rows.removeIf(row -> row.event().id().equals(id));
  }

  /** All that is committed, in order. */
  synchronized List<Placed> committed() {
    return rows.stream().filter(this::isCommitted).sorted(ORDER).toList();
  }

  /** Whether every question fails from now on. */
  synchronized void setAway(boolean isAway) {
    away = isAway;
  }

  void duringReads(Runnable happens) {
    interlude = happens;
  }

  private boolean isCommitted(Placed row) {
    return !underWay.contains(row.transaction());
  }

  private boolean isThere(Placed row) {
    return !horizon.hides(row.event().organization(), row.event().id());
  }

  private long below() {
    return underWay.isEmpty() ? next : underWay.first();
  }

  private void answer() {
    if (away) {
      throw new StoreUnavailable("away", new IOException("away"));
    }
  }

  @Override
  public synchronized Optional<Start> start(
      OrganizationId organization, HiddenEvents hidden, @Nullable EventId after) {
    answer();
    Snapshot snapshot = new Snapshot(below(), next, Set.copyOf(underWay));
    if (after == null) {
      return Optional.of(new Start(snapshot, null));
    }
    return rows.stream()
        .filter(this::isCommitted)
        .filter(row -> row.event().id().equals(after) && isThere(row))
        .filter(row -> row.event().organization().equals(organization))
        .filter(row -> !hides.test(hidden, row.event()))
        .findFirst()
        .map(row -> new Start(snapshot, row.transaction()));
  }

  @Override
  public Stretch read(OrganizationId organization, Position from, int max) {
    Stretch stretch = readNow(organization, from, max);
    interlude.run();
    return stretch;
  }

  private synchronized Stretch readNow(OrganizationId organization, Position from, int max) {
    answer();
    List<Placed> all =
        rows.stream()
            .filter(this::isCommitted)
            .filter(row -> row.event().organization().equals(organization))
            .filter(row -> from.isBefore(row.position()) && isThere(row))
            .sorted(ORDER)
            .toList();
    List<Placed> settled = all.stream().filter(row -> row.transaction() < below()).toList();
    @Nullable Instant heldSince =
        all.stream()
            .filter(row -> row.transaction() >= below())
            .map(row -> row.event().id().created())
            .min(Comparator.naturalOrder())
            .orElse(null);
    boolean hasMore = settled.size() > max;
    return new Stretch(
        hasMore ? settled.subList(0, max) : settled, hasMore, hasMore ? null : heldSince);
  }

  @Override
  public synchronized Set<EventId> visible(
      OrganizationId organization, HiddenEvents hidden, Collection<EventId> events) {
    answer();
    return rows.stream()
        .map(Placed::event)
        .filter(event -> event.organization().equals(organization))
        .filter(event -> events.contains(event.id()) && !hides.test(hidden, event))
        .map(StoredEvent::id)
        .collect(Collectors.toSet());
  }
}
