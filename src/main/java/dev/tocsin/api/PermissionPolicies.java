package dev.tocsin.api;

import dev.tocsin.access.ServiceUserId;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.event.OrganizationId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Where permission policies are kept, and which service user has which. */
public interface PermissionPolicies {
  /** Most policies that a service user may have: all of them are asked for each of his calls. */
  int PER_SERVICE_USER_MAX = 20;

  /**
   * A page, newest first.
   *
   * @param ids those with one of these ids; empty for all
   */
  Page<PermissionPolicy> list(OrganizationId organization, List<UUID> ids, PageRequest page);

  /** The one with this id. */
  Optional<PermissionPolicy> find(OrganizationId organization, UUID id);

  /**
   * Makes a new one, with version 1.
   *
   * @param entities those of the organization's own that it names, as they were read: {@link
   *     Written.EntityGone} or {@link Written.EntityChanged} when one of them is so no more
   */
  Written<PermissionPolicy> create(
      Author author, UUID id, PermissionPolicy.Content content, Set<CustomEntity> entities);

  /** Makes a new one that names no entity of the organization's own. */
  default Written<PermissionPolicy> create(
      Author author, UUID id, PermissionPolicy.Content content) {
    return create(author, id, content, Set.of());
  }

  /**
   * Replaces the content of one, if it still has this version.
   *
   * @param entities those of the organization's own that it names and did not name before
   */
  Written<PermissionPolicy> update(
      Author author,
      UUID id,
      long version,
      PermissionPolicy.Content content,
      Set<CustomEntity> entities);

  /** Replaces the content of one by what names no further entity of the organization's own. */
  default Written<PermissionPolicy> update(
      Author author, UUID id, long version, PermissionPolicy.Content content) {
    return update(author, id, version, content, Set.of());
  }

  /** Deletes one, whatever its version; whoever has it loses it. */
  Written<PermissionPolicy> delete(Author author, UUID id);

  /** A page of those that a service user has, newest first; missing when there is no such user. */
  Optional<Page<PermissionPolicy>> ofServiceUser(
      OrganizationId organization, ServiceUserId serviceUser, PageRequest page);

  /**
   * Gives one to a service user. One who has it already keeps it, with the assignment there is.
   *
   * @param id of the assignment, if it is made
   */
  Written<PolicyAssignment> assign(Author author, UUID policy, ServiceUserId serviceUser, UUID id);

  /** Takes one from a service user, and answers the assignment that was. */
  Written<PolicyAssignment> unassign(Author author, UUID policy, ServiceUserId serviceUser);
}
