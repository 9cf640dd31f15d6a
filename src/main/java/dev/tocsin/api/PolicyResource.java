package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.api.PermissionPolicy.Content;
import dev.tocsin.event.OrganizationId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Permission policies, at {@code permissionpolicies}. */
final class PolicyResource implements Resource<PermissionPolicy, DraftOnEntities<Content>> {
  static final String PATH = "permissionpolicies";
  static final int PAGE_SIZE_MAX = 100;

  private final PermissionPolicies store;
  private final PolicyJson json;
  private final Consumer<OrganizationId> changed;

  /**
   * Policies of a store.
   *
   * @param changed told of each change, before its author is
   */
  PolicyResource(PermissionPolicies store, PolicyJson json, Consumer<OrganizationId> changed) {
    this.store = store;
    this.json = json;
    this.changed = changed;
  }

  @Override
  public Kind kind() {
    return Kind.PERMISSION_POLICY;
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
  public UUID idOf(PermissionPolicy resource) {
    return resource.id();
  }

  @Override
  public void append(JsonText out, PermissionPolicy resource) {
    PolicyJson.append(out, resource);
  }

  @Override
  public Listing<PermissionPolicy> listing(Query query) {
    List<UUID> wanted = query.ids("ids");
    return (organization, page) -> store.list(organization, wanted, page);
  }

  @Override
  public Reading<DraftOnEntities<Content>> read(
      Viewer author, JsonProperties properties, @Nullable UUID replaced) {
    return json.read(
        author,
        properties,
        () ->
            replaced == null
                ? List.of()
                : find(author.organization(), replaced)
                    .map(now -> now.content().statements())
                    .orElse(List.of()));
  }

  @Override
  public Optional<PermissionPolicy> find(OrganizationId organization, UUID id) {
    return store.find(organization, id);
  }

  @Override
  public Written<PermissionPolicy> create(Author author, UUID id, DraftOnEntities<Content> draft) {
    return store.create(author, id, draft.content(), draft.entities());
  }

  @Override
  public Written<PermissionPolicy> update(
      Author author, UUID id, long version, DraftOnEntities<Content> draft) {
    return told(author, store.update(author, id, version, draft.content(), draft.entities()));
  }

  @Override
  public Written<PermissionPolicy> delete(Author author, UUID id) {
    return told(author, store.delete(author, id));
  }

  private Written<PermissionPolicy> told(Author author, Written<PermissionPolicy> written) {
    if (written.isChange()) {
      changed.accept(author.organization());
    }
    return written;
  }
}
