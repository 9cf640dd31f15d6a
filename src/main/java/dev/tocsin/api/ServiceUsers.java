package dev.tocsin.api;

import dev.tocsin.access.NewAccessKey;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.event.OrganizationId;
import java.util.List;
import java.util.Optional;

/** Where service users are kept, with their access keys, whose secrets only go in. */
public interface ServiceUsers {
  /** Most access keys that a service user may have: enough to replace one after the other. */
  int KEYS_MAX = 20;

  /**
   * A page, newest first.
   *
   * @param ids those with one of these ids; empty for all
   */
  Page<ServiceUser> list(OrganizationId organization, List<ServiceUserId> ids, PageRequest page);

  /** The one with this id. */
  Optional<ServiceUser> find(OrganizationId organization, ServiceUserId id);

  /** Makes a new one, with version 1, without keys and policies. */
  Written<ServiceUser> create(Author author, ServiceUserId id, String name);

  /** Renames one, if it still has this version. */
  Written<ServiceUser> update(Author author, ServiceUserId id, long version, String name);

  /** Deletes one, whatever its version, with its access keys. */
  Written<ServiceUser> delete(Author author, ServiceUserId id);

  /** The access keys of one, newest first; missing when there is no such user. */
  Optional<List<ShownAccessKey>> keys(OrganizationId organization, ServiceUserId id);

  /** Gives one an access key. */
  Written<ShownAccessKey> createKey(Author author, ServiceUserId id, NewAccessKey key);

  /** Takes an access key from one. */
  Written<ShownAccessKey> deleteKey(Author author, ServiceUserId id, String key);
}
