package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.api.NotificationConfiguration.Content;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Notification configurations, at {@code notifications/configurations}. */
final class NotificationResource
    implements Resource<NotificationConfiguration, DraftOnEntities<Content>> {
  static final String PATH = "notifications/configurations";

  private final NotificationConfigurations store;
  private final NotificationJson json;

  NotificationResource(NotificationConfigurations store, NotificationJson json) {
    this.store = store;
    this.json = json;
  }

  @Override
  public Kind kind() {
    return Kind.NOTIFICATION_CONFIGURATION;
  }

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public int pageSizeMax() {
    return 100;
  }

  @Override
  public UUID idOf(NotificationConfiguration resource) {
    return resource.id().value();
  }

  @Override
  public void append(JsonText out, NotificationConfiguration resource) {
    json.append(out, resource);
  }

  @Override
  public void appendSaved(Call call, JsonText out, NotificationConfiguration resource) {
    json.appendSaved(Viewer.of(call), out, resource);
  }

  @Override
  public Listing<NotificationConfiguration> listing(Query query) {
    Boolean active = query.flag("active");
    String eventName = query.text("eventName");
    List<RuleId> ids = query.ids("ids").stream().map(RuleId::new).toList();
    NotificationConfigurations.Filter filter =
        new NotificationConfigurations.Filter(
            active, eventName == null ? null : new EventName(eventName), ids);
    return (organization, page) -> store.list(organization, filter, page);
  }

  @Override
  public Reading<DraftOnEntities<Content>> read(
      Viewer author, JsonProperties properties, @Nullable UUID replaced) {
    return json.read(
        author,
        properties,
        () ->
            replaced == null
                ? null
                : find(author.organization(), replaced)
                    .map(now -> now.content().eventName())
                    .orElse(null));
  }

  @Override
  public Optional<NotificationConfiguration> find(OrganizationId organization, UUID id) {
    return store.find(organization, new RuleId(id));
  }

  @Override
  public Written<NotificationConfiguration> create(
      Author author, UUID id, DraftOnEntities<Content> draft) {
    return store.create(author, new RuleId(id), draft.content(), draft.entities());
  }

  @Override
  public Written<NotificationConfiguration> update(
      Author author, UUID id, long version, DraftOnEntities<Content> draft) {
    return store.update(author, new RuleId(id), version, draft.content(), draft.entities());
  }

  @Override
  public Written<NotificationConfiguration> delete(Author author, UUID id) {
    return store.delete(author, new RuleId(id));
  }
}
