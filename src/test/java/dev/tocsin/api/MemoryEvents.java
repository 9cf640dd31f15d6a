package dev.tocsin.api;

import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
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

  synchronized void add(StoredEvent event) {
    stored.add(event);
  }

  @Override
  public synchronized Page<StoredEvent> list(
      OrganizationId organization, Filter filter, PageRequest page) {
    List<StoredEvent> items =
        stored.stream()
            .filter(event -> event.organization().equals(organization))
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
  public synchronized Optional<StoredEvent> find(OrganizationId organization, EventId id) {
    return stored.stream()
        .filter(event -> event.organization().equals(organization) && event.id().equals(id))
        .findFirst();
  }

  @Override
  public synchronized List<StoredEvent> action(
      OrganizationId organization, Collection<EventId> ids, boolean actioned, Instant now) {
    stored.replaceAll(event ->
        event.organization().equals(organization) && ids.contains(event.id())
            ? marked(event, actioned ? Objects.requireNonNullElse(event.actioned(), now) : null)
            : event);
    return list(
            organization,
            new Filter(List.copyOf(ids), null, null, null, null, null, null, true, Period.ALWAYS),
            new PageRequest(1_000, null))
        .items();
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
