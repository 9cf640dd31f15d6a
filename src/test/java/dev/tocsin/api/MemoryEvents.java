package dev.tocsin.api;

import dev.tocsin.event.EventId;
import dev.tocsin.event.Horizon;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.stream.MemoryEventTail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Events in memory; filters by notification find nothing, since nothing fires here. */
final class MemoryEvents implements Events {
  private final List<StoredEvent> stored = new ArrayList<>();
  private final Horizon horizon;
  private final MemoryEventTail tail;

  MemoryEvents(Horizon horizon) {
    this.horizon = horizon;
    this.tail =
        new MemoryEventTail(
            (hidden, event) -> isHidden(new Viewer(event.organization(), hidden), event), horizon);
  }

  synchronized void add(StoredEvent event) {
    stored.add(event);
    tail.add(event);
  }

  /** The same events, as they are followed. */
  MemoryEventTail tail() {
    return tail;
  }

  @Override
  public synchronized Page<StoredEvent> list(Viewer viewer, Filter filter, PageRequest page) {
    OrganizationId organization = viewer.organization();
    List<StoredEvent> items =
        stored.stream()
            .filter(event -> event.organization().equals(organization))
            .filter(event -> !isHidden(viewer, event))
            .filter(event -> passes(event, filter))
            .sorted(
                Comparator.comparing(
                    (StoredEvent event) -> event.id().value(), MemoryResources.BY_ID.reversed()))
            .filter(event ->
                page.after() == null
                    || MemoryResources.BY_ID.compare(event.id().value(), page.after()) < 0)
            .toList();
    boolean hasMore = items.size() > page.size();
    return new Page<>(hasMore ? items.subList(0, page.size()) : items, hasMore);
  }

  @Override
  public synchronized Optional<StoredEvent> find(Viewer viewer, EventId id) {
    return stored.stream()
        .filter(event -> event.organization().equals(viewer.organization()))
        .filter(event -> event.id().equals(id) && !isHidden(viewer, event))
        .findFirst();
  }

  @Override
  public synchronized List<StoredEvent> action(
      Viewer viewer, Collection<EventId> ids, boolean actioned, Instant now) {
    stored.replaceAll(event ->
        event.organization().equals(viewer.organization())
                && ids.contains(event.id())
                && !isHidden(viewer, event)
            ? marked(event, actioned ? Objects.requireNonNullElse(event.actioned(), now) : null)
            : event);
    return list(
            viewer,
            new Filter(List.copyOf(ids), null, null, null, null, null, null, true, Period.ALWAYS),
            new PageRequest(1_000, null))
        .items();
  }

  /** Of entities and their items alone; the database knows the rest. */
  private boolean isHidden(Viewer viewer, StoredEvent event) {
    String entity = event.name().value().split("\\.", 3)[1];
    return horizon.hides(event.organization(), event.id())
        || viewer.hidden().hides(event.name())
        || viewer.hidden().names().contains(entity + "/" + event.resourceId())
        || viewer.hidden().names().contains("account/" + event.accountId())
        || viewer.hidden().names().contains("event/" + event.id());
  }

  private static StoredEvent marked(StoredEvent event, @Nullable Instant actioned) {
    return new StoredEvent(
        event.organization(),
        event.id(),
        event.name(),
        event.category(),
        event.time(),
        event.resourceId(),
        event.accountId(),
        event.after(),
        event.before(),
        actioned);
  }

  synchronized String contents() {
    return stored.toString();
  }

  private static boolean passes(StoredEvent event, Filter filter) {
    return (filter.ids().isEmpty() || filter.ids().contains(event.id()))
        && matches(filter.eventName(), event.name().value())
        && matches(filter.eventType(), event.category().text())
        && matches(filter.accountId(), event.accountId())
        && matches(filter.resourceId(), event.resourceId())
        && filter.notificationId() == null
        && filter.notificationCode() == null
        && (filter.includeActioned() || event.actioned() == null)
        && isIn(filter.created(), event.id().created());
  }

  private static boolean matches(@Nullable String wanted, @Nullable String actual) {
    return wanted == null || wanted.equals(actual);
  }

  private static boolean isIn(Period period, Instant moment) {
    return (period.from() == null || !moment.isBefore(period.from()))
        && (period.to() == null || moment.isBefore(period.to()));
  }
}
