package dev.tocsin.api;

import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
        && (filter.includeActioned() || event.actioned() == null);
  }

  private static boolean matches(@Nullable String wanted, @Nullable String actual) {
    return wanted == null || wanted.equals(actual);
  }
}
