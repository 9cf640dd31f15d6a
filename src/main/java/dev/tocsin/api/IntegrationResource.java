package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.api.IntegrationConfiguration.Content;
import dev.tocsin.api.IntegrationConfigurations.Filter;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.IntegrationId;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Integration configurations, at {@code integrationconfigs}. */
final class IntegrationResource
    implements Resource<IntegrationConfiguration, IntegrationResource.Draft> {
  static final String PATH = "integrationconfigs";
  static final int PAGE_SIZE_MAX = 200;

  /**
   * What an author sends.
   *
   * @param enabled null when he does not say
   */
  record Draft(Content content, @Nullable Boolean enabled) {}

  private final IntegrationConfigurations store;
  private final IntegrationWarnings warnings;

  IntegrationResource(IntegrationConfigurations store, IntegrationWarnings warnings) {
    this.store = store;
    this.warnings = warnings;
  }

  @Override
  public Kind kind() {
    return Kind.INTEGRATION_CONFIGURATION;
  }

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public int pageSizeMax() {
    return PAGE_SIZE_MAX;
  }

  @Override
  public UUID idOf(IntegrationConfiguration resource) {
    return resource.id().value();
  }

  @Override
  public void append(JsonText out, IntegrationConfiguration resource) {
    IntegrationJson.append(out, resource);
  }

  @Override
  public void appendSaved(Call call, JsonText out, IntegrationConfiguration resource) {
    IntegrationJson.append(out, resource, warnings.of(call, resource));
  }

  @Override
  public Listing<IntegrationConfiguration> listing(Query query) {
    Filter filter = new Filter(null, null, null, query.text("destinationId"));
    return (organization, page) -> store.list(organization, filter, page);
  }

  @Override
  public Reading<Draft> read(Viewer author, JsonProperties properties, @Nullable UUID replaced) {
    return IntegrationJson.read(properties);
  }

  @Override
  public Optional<IntegrationConfiguration> find(OrganizationId organization, UUID id) {
    return store.find(organization, new IntegrationId(id));
  }

  @Override
  public Written<IntegrationConfiguration> create(Author author, UUID id, Draft draft) {
    return store.create(
        author, new IntegrationId(id), draft.content(), !Boolean.FALSE.equals(draft.enabled()));
  }

  @Override
  public Written<IntegrationConfiguration> update(
      Author author, UUID id, long version, Draft draft) {
    return store.update(author, new IntegrationId(id), version, draft.content(), draft.enabled());
  }

  @Override
  public Written<IntegrationConfiguration> delete(Author author, UUID id) {
    return store.delete(author, new IntegrationId(id));
  }

  @Override
  public List<Action<IntegrationConfiguration>> actions() {
    return List.of(
        new Action<>(
            HttpMethod.POST,
            "enable",
            query -> (id, author) -> store.enable(author, new IntegrationId(id))));
  }
}
