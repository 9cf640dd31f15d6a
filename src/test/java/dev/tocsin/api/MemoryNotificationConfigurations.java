package dev.tocsin.api;

import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

final class MemoryNotificationConfigurations implements NotificationConfigurations {
  /** The entities that the last one which was saved names. */
  volatile Set<CustomEntity> named = Set.of();

  private final MemoryResources<NotificationConfiguration> stored;

  MemoryNotificationConfigurations(AtomicLong ruleSetVersion) {
    stored =
        new MemoryResources<>(
            NotificationConfiguration::audit, one -> one.content().code(), ruleSetVersion);
  }

  @Override
  public Page<NotificationConfiguration> list(
      OrganizationId organization, Filter filter, PageRequest page) {
    return stored.list(
        organization,
        page,
        one ->
            (filter.active() == null || filter.active() == one.content().active())
                && (filter.eventName() == null
                    || filter.eventName().equals(one.content().eventName()))
                && (filter.ids().isEmpty() || filter.ids().contains(one.id())));
  }

  @Override
  public Optional<NotificationConfiguration> find(OrganizationId organization, RuleId id) {
    return stored.find(organization, id.value());
  }

  @Override
  public Written<NotificationConfiguration> create(
      Author author,
      RuleId id,
      NotificationConfiguration.Content content,
      Set<CustomEntity> entities) {
    named = entities;
    return stored.create(
        author, id.value(), audit -> new NotificationConfiguration(id, content, false, audit));
  }

  @Override
  public Written<NotificationConfiguration> update(
      Author author,
      RuleId id,
      long version,
      NotificationConfiguration.Content content,
      Set<CustomEntity> entities) {
    named = entities;
    return stored.change(
        author,
        id.value(),
        version,
        changing -> new NotificationConfiguration(id, content, false, changing.audit()));
  }

  @Override
  public Written<NotificationConfiguration> delete(Author author, RuleId id) {
    return stored.delete(author, id.value());
  }

  String contents() {
    return stored.contents();
  }
}
