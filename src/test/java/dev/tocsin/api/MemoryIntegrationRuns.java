package dev.tocsin.api;

import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.RuleId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

final class MemoryIntegrationRuns implements IntegrationRuns {
  private record Key(RunId parent, @Nullable String key) {}

  private final Map<OrganizationId, NavigableMap<UUID, Told>> stored = new HashMap<>();
  private final Map<Key, RunId> replays = new HashMap<>();

  synchronized void put(
      OrganizationId organization, IntegrationRun run, IntegrationRun.Attempt... attempts) {
    of(organization).put(run.id().value(), new Told(run, List.of(attempts)));
  }

  private NavigableMap<UUID, Told> of(OrganizationId organization) {
    return stored.computeIfAbsent(organization, none -> new TreeMap<>(MemoryResources.BY_ID));
  }

  @Override
  public synchronized Page<IntegrationRun> list(
      OrganizationId organization, Filter filter, PageRequest page) {
    return page(of(organization).descendingMap(), filter, page);
  }

  @Override
  public synchronized Page<IntegrationRun> listOldestFirst(
      OrganizationId organization, RuleId rule, Filter filter, PageRequest page) {
    return page(of(organization), filter, page);
  }

  private static Page<IntegrationRun> page(
      NavigableMap<UUID, Told> inOrder, Filter filter, PageRequest page) {
    NavigableMap<UUID, Told> rest =
        page.after() == null ? inOrder : inOrder.tailMap(page.after(), false);
    List<IntegrationRun> items = new ArrayList<>();
    for (Told told : rest.values()) {
      if (matches(told.run(), filter)) {
        items.add(told.run());
      }
    }
    boolean hasMore = items.size() > page.size();
    return new Page<>(hasMore ? items.subList(0, page.size()) : items, hasMore);
  }

  private static boolean matches(IntegrationRun run, Filter filter) {
    Instant from = filter.created().from();
    Instant to = filter.created().to();
    EventId event = filter.event();
    return (filter.status() == null || filter.status() == run.status())
        && (filter.webhook() == null || filter.webhook().equals(run.what().webhook()))
        && (filter.rule() == null || filter.rule().equals(run.what().rule()))
        && (event == null
            || event.equals(run.what().cause())
            || event.equals(run.what().notification()))
        && (from == null || !run.created().isBefore(from))
        && (to == null || run.created().isBefore(to));
  }

  @Override
  public synchronized Optional<Told> find(OrganizationId organization, RunId id) {
    return Optional.ofNullable(of(organization).get(id.value()));
  }

  @Override
  public synchronized Replay replay(
      OrganizationId organization, RunId parent, RunId id, @Nullable String key) {
    Told told = of(organization).get(parent.value());
    if (told == null) {
      return new Replay.Missing();
    }
    if (told.run().completed() == null) {
      return new Replay.TooEarly(told.run().status());
    }
    RunId made = replays.computeIfAbsent(new Key(parent, key), none -> id);
    if (made.equals(id)) {
      put(organization, waiting(told.run(), id));
    }
    return new Replay.Made(Objects.requireNonNull(of(organization).get(made.value())).run());
  }

  private static IntegrationRun waiting(IntegrationRun parent, RunId id) {
    return new IntegrationRun(
        id,
        parent.what(),
        IntegrationRunStatus.WAITING,
        parent.url(),
        0,
        null,
        new EventId(id.value()).created(),
        null,
        null,
        parent.id(),
        0);
  }

  /** An organization that was only asked about has nothing. */
  synchronized String contents() {
    stored.values().removeIf(Map::isEmpty);
    return stored.toString();
  }
}
