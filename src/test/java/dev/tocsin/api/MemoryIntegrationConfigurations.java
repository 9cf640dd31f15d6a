package dev.tocsin.api;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

final class MemoryIntegrationConfigurations implements IntegrationConfigurations {
  private final MemoryResources<IntegrationConfiguration> stored;

  MemoryIntegrationConfigurations(AtomicLong ruleSetVersion) {
    stored = new MemoryResources<>(IntegrationConfiguration::audit, one -> null, ruleSetVersion);
  }

  @Override
  public Page<IntegrationConfiguration> list(
      OrganizationId organization, Filter filter, PageRequest page) {
    return stored.list(
        organization,
        page,
        one ->
            matches(filter.entityType(), one.content().entityType())
                && matches(filter.entityId(), one.content().entityId())
                && matches(filter.destination(), one.content().destination())
                && matches(filter.destinationId(), one.content().destinationId()));
  }

  private static boolean matches(@Nullable String wanted, @Nullable String actual) {
    return wanted == null || wanted.equalsIgnoreCase(actual);
  }

  @Override
  public List<IntegrationId> linking(
      OrganizationId organization, RuleId rule, WebhookId webhook, int most) {
    Filter filter = new Filter("Notification", rule.toString(), "Webhook", webhook.toString());
    return list(organization, filter, new PageRequest(most, null)).items().stream()
        .map(IntegrationConfiguration::id)
        .toList();
  }

  @Override
  public Optional<IntegrationConfiguration> find(OrganizationId organization, IntegrationId id) {
    return stored.find(organization, id.value());
  }

  @Override
  public Written<IntegrationConfiguration> create(
      Author author, IntegrationId id, IntegrationConfiguration.Content content, boolean enabled) {
    return stored.create(
        author,
        id.value(),
        audit -> new IntegrationConfiguration(id, content, enabled, false, audit));
  }

  @Override
  public Written<IntegrationConfiguration> update(
      Author author,
      IntegrationId id,
      long version,
      IntegrationConfiguration.Content content,
      @Nullable Boolean enabled) {
    return stored.change(
        author,
        id.value(),
        version,
        changing ->
            new IntegrationConfiguration(
                id,
                content,
                enabled == null ? changing.before().enabled() : enabled,
                false,
                changing.audit()));
  }

  @Override
  public Written<IntegrationConfiguration> enable(Author author, IntegrationId id) {
    return stored.change(
        author,
        id.value(),
        null,
        changing ->
            changing.before().enabled()
                ? changing.before()
                : new IntegrationConfiguration(
                    id, changing.before().content(), true, false, changing.audit()));
  }

  @Override
  public Written<IntegrationConfiguration> delete(Author author, IntegrationId id) {
    return stored.delete(author, id.value());
  }

  /** Disables one, as delivery does with a link that cannot work. */
  void disable(Author author, IntegrationId id) {
    stored.change(
        author,
        id.value(),
        null,
        changing ->
            new IntegrationConfiguration(
                id, changing.before().content(), false, false, changing.audit()));
  }

  String contents() {
    return stored.contents();
  }
}
