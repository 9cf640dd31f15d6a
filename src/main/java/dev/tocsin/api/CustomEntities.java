package dev.tocsin.api;

import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.event.OrganizationId;
import java.util.List;
import java.util.Optional;

/** Where the entities are kept that organizations have besides those of the system. */
public interface CustomEntities {
  /** All of an organization, by name. */
  List<EntityDeclaration> list(OrganizationId organization);

  /** The one of this name, whatever its capitals. */
  Optional<EntityDeclaration> find(OrganizationId organization, String name);

  /** Makes a new one with version 1; {@link Written.Stale} if there is one of the name. */
  Written<EntityDeclaration> create(Author author, CustomEntity entity);

  /** Replaces one, if it still has this version and no file declares it. */
  Written<EntityDeclaration> update(Author author, CustomEntity entity, long version);

  /** Deletes one, whatever its version, if no file declares it. */
  Written<EntityDeclaration> delete(Author author, String name);
}
