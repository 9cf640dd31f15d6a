package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.event.OrganizationId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Service users, at {@code serviceusers}. */
final class ServiceUserResource implements Resource<ServiceUser, String> {
  static final String PATH = "serviceusers";

  private static final int NAME_LENGTH_MAX = 200;

  private final ServiceUsers store;
  private final Consumer<OrganizationId> changed;

  /**
   * Service users of a store.
   *
   * @param changed told of each change, before its author is
   */
  ServiceUserResource(ServiceUsers store, Consumer<OrganizationId> changed) {
    this.store = store;
    this.changed = changed;
  }

  @Override
  public Kind kind() {
    return Kind.SERVICE_USER;
  }

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public int pageSizeMax() {
    return 200;
  }

  @Override
  public UUID idOf(ServiceUser resource) {
    return resource.id().value();
  }

  @Override
  public void append(JsonText out, ServiceUser resource) {
    out.open()
        .text("id", resource.id().toString())
        .text("name", resource.name())
        .flag("managed", resource.managed());
    AuditJson.append(out, resource.audit()).close();
  }

  @Override
  public Listing<ServiceUser> listing(Query query) {
    List<ServiceUserId> wanted = query.ids("ids").stream().map(ServiceUserId::new).toList();
    return (organization, page) -> store.list(organization, wanted, page);
  }

  @Override
  public Reading<String> read(Viewer author, JsonProperties properties, @Nullable UUID replaced) {
    String name = properties.text("name", NAME_LENGTH_MAX);
    return properties.result(() -> name);
  }

  @Override
  public Optional<ServiceUser> find(OrganizationId organization, UUID id) {
    return store.find(organization, new ServiceUserId(id));
  }

  @Override
  public Written<ServiceUser> create(Author author, UUID id, String draft) {
    return store.create(author, new ServiceUserId(id), draft);
  }

  @Override
  public Written<ServiceUser> update(Author author, UUID id, long version, String draft) {
    return store.update(author, new ServiceUserId(id), version, draft);
  }

  @Override
  public Written<ServiceUser> delete(Author author, UUID id) {
    Written<ServiceUser> written = store.delete(author, new ServiceUserId(id));
    if (written.isChange()) {
      changed.accept(author.organization());
    }
    return written;
  }
}
