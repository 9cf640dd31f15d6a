package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.event.OrganizationId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Scheduled event configurations, at {@code scheduledevents/configurations}. */
final class ScheduledEventResource
    implements Resource<ScheduledEventConfiguration, DraftOnEntities<Content>> {
  private final ScheduledEventConfigurations store;
  private final OrganizationCatalogs catalogs;

  ScheduledEventResource(ScheduledEventConfigurations store, OrganizationCatalogs catalogs) {
    this.store = store;
    this.catalogs = catalogs;
  }

  @Override
  public Kind kind() {
    return Kind.SCHEDULED_EVENT_CONFIGURATION;
  }

  @Override
  public String path() {
    return "scheduledevents/configurations";
  }

  @Override
  public int pageSizeMax() {
    return 100;
  }

  @Override
  public UUID idOf(ScheduledEventConfiguration resource) {
    return resource.id();
  }

  @Override
  public void append(JsonText out, ScheduledEventConfiguration resource) {
    ScheduledEventJson.append(out, resource);
  }

  @Override
  public boolean isVisible(Viewer viewer, ScheduledEventConfiguration resource) {
    return !viewer.hidden().hidesEntity(resource.content().entity());
  }

  @Override
  public Listing<ScheduledEventConfiguration> listing(Query query) {
    List<UUID> ids = query.ids("ids");
    return (organization, page) -> store.list(organization, ids, page);
  }

  @Override
  public Reading<DraftOnEntities<Content>> read(
      Viewer author, JsonProperties properties, @Nullable UUID replaced) {
    return ScheduledEventJson.read(author, catalogs.of(author.organization()), properties);
  }

  @Override
  public Optional<ScheduledEventConfiguration> find(OrganizationId organization, UUID id) {
    return store.find(organization, id);
  }

  @Override
  public Written<ScheduledEventConfiguration> create(
      Author author, UUID id, DraftOnEntities<Content> draft) {
    return catalogs.followed(
        author.organization(), store.create(author, id, draft.content(), draft.entities()));
  }

  @Override
  public Written<ScheduledEventConfiguration> update(
      Author author, UUID id, long version, DraftOnEntities<Content> draft) {
    return catalogs.followed(
        author.organization(),
        store.update(author, id, version, draft.content(), draft.entities()));
  }

  @Override
  public Written<ScheduledEventConfiguration> delete(Author author, UUID id) {
    return catalogs.followed(author.organization(), store.delete(author, id));
  }
}
