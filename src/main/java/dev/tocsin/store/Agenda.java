package dev.tocsin.store;

import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which scheduled event configurations owe something, and when each of the others does next, as far
 * as a node has looked. One that is said to owe something may turn out not to.
 *
 * <p>Not for several threads at once.
 */
final class Agenda {
  private static final UUID FIRST = new UUID(0, 0);
  private static final UUID LAST = new UUID(-1, -1);

  private final NavigableSet<ConfigurationKey> owed = new TreeSet<>();
  private final Map<ConfigurationKey, Instant> next = new HashMap<>();
  private final NavigableSet<Entry> byTime = new TreeSet<>();
  private Instant advanced = Instant.MIN;

  private record Entry(Instant due, ConfigurationKey key) implements Comparable<Entry> {
    private static final Comparator<Entry> ORDER =
        Comparator.comparing(Entry::due).thenComparing(Entry::key);

    /** Before all others that are due at this time. */
    static Entry from(Instant due) {
      return new Entry(due, new ConfigurationKey(new OrganizationId(FIRST), FIRST));
    }

    @Override
    public int compareTo(Entry other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * Configurations that owe something.
   *
   * @param keys in order, none of an organization without all that it has
   * @param isAll whether there are no more
   */
  record Owed(List<ConfigurationKey> keys, boolean isAll) {
    Owed {
      keys = List.copyOf(keys);
    }
  }

  /** Goes on to a moment, or back: what is due by then is owed. */
  void advance(Instant now) {
    if (now.isAfter(advanced)) {
      byTime.subSet(afterAll(advanced), afterAll(now)).forEach(entry -> owed.add(entry.key()));
    }
    advanced = now;
  }

  /** Notes what a configuration has as of the moment that this has come to. */
  void put(ConfigurationKey key, boolean isOwed, @Nullable Instant due) {
    Instant before = due == null ? next.remove(key) : next.put(key, due);
    if (before != null) {
      byTime.remove(new Entry(before, key));
    }
    if (due != null) {
      byTime.add(new Entry(due, key));
    }
    if (isOwed) {
      owed.add(key);
    } else {
      owed.remove(key);
    }
  }

  /** Notes that a configuration owes something, whatever else it has. */
  void owe(ConfigurationKey key) {
    owed.add(key);
  }

  /**
   * The next that owe something.
   *
   * @param after begins with the organization after this one; null begins with the first
   * @param except none of these organizations
   * @param max how many, at most, but at least those of one organization
   */
  Owed owed(@Nullable OrganizationId after, Set<OrganizationId> except, int max) {
    List<ConfigurationKey> keys = new ArrayList<>();
    for (ConfigurationKey key : after == null ? owed : owed.tailSet(lastOf(after), false)) {
      if (except.contains(key.organization())) {
        continue;
      }
      if (keys.size() >= max && !key.organization().equals(keys.getLast().organization())) {
        return new Owed(keys, false);
      }
      keys.add(key);
    }
    return new Owed(keys, true);
  }

  /** When the next is due after a moment; null when none is known. */
  @Nullable Instant nextDue(Instant after) {
    Entry entry = byTime.ceiling(afterAll(after));
    return entry == null ? null : entry.due();
  }

  private static Entry afterAll(Instant due) {
    return due.equals(Instant.MIN) ? Entry.from(due) : Entry.from(due.plusNanos(1));
  }

  private static ConfigurationKey lastOf(OrganizationId organization) {
    return new ConfigurationKey(organization, LAST);
  }
}
