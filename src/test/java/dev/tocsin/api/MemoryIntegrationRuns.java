package dev.tocsin.api;

import dev.tocsin.event.EventId;
import dev.tocsin.event.Horizon;
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
  private final Map<RunId, String> off = new HashMap<>();
  private final Events events;
  private final Horizon horizon;

  MemoryIntegrationRuns(Events events, Horizon horizon) {
    this.events = events;
    this.horizon = horizon;
  }

  synchronized void put(
      OrganizationId organization, IntegrationRun run, IntegrationRun.Attempt... attempts) {
    of(organization).put(run.id().value(), new Told(run, List.of(attempts)));
  }

  /** Lets replays of a run be sent nowhere. */
  synchronized void switchOff(RunId run, String reason) {
    off.put(run, reason);
  }

  private NavigableMap<UUID, Told> of(OrganizationId organization) {
    return stored.computeIfAbsent(organization, none -> new TreeMap<>(MemoryResources.BY_ID));
  }

  @Override
  public synchronized Page<IntegrationRun> list(Viewer viewer, Filter filter, PageRequest page) {
    return page(viewer, of(viewer.organization()).descendingMap(), filter, page);
  }

  @Override
  public synchronized Page<IntegrationRun> listOldestFirst(
      Viewer viewer, RuleId rule, Filter filter, PageRequest page) {
    return page(viewer, of(viewer.organization()), filter, page);
  }

  private Page<IntegrationRun> page(
      Viewer viewer, NavigableMap<UUID, Told> inOrder, Filter filter, PageRequest page) {
    NavigableMap<UUID, Told> rest =
        page.after() == null ? inOrder : inOrder.tailMap(page.after(), false);
    List<IntegrationRun> items = new ArrayList<>();
    for (Told told : rest.values()) {
      if (matches(told.run(), filter) && isVisible(viewer, told.run())) {
        items.add(told.run());
      }
    }
    boolean hasMore = items.size() > page.size();
    return new Page<>(hasMore ? items.subList(0, page.size()) : items, hasMore);
  }

  /** By the cause alone; the database knows what else hides a run. */
  private boolean isVisible(Viewer viewer, IntegrationRun run) {
    EventId cause = run.what().cause();
    return !horizon.hides(viewer.organization(), cause)
        && (viewer.hidden().names().isEmpty() || events.find(viewer, cause).isPresent());
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
  public synchronized Optional<Told> find(Viewer viewer, RunId id) {
    return Optional.ofNullable(of(viewer.organization()).get(id.value()))
        .filter(told -> isVisible(viewer, told.run()));
  }

  @Override
  public synchronized Replay replay(Viewer viewer, RunId parent, RunId id, @Nullable String key) {
    OrganizationId organization = viewer.organization();
    Told told = find(viewer, parent).orElse(null);
    if (told == null) {
      return new Replay.Missing();
    }
    if (told.run().completed() == null) {
      return new Replay.TooEarly(told.run().status());
    }
    String reason = off.get(parent);
    if (reason != null && !replays.containsKey(new Key(parent, key))) {
      return new Replay.Off(reason);
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
        0,
        new EventId(id.value()).created());
  }

  /** An organization that was only asked about has nothing. */
  synchronized String contents() {
    stored.values().removeIf(Map::isEmpty);
    return stored.toString();
  }
}
