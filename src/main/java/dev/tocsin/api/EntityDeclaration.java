package dev.tocsin.api;

import dev.tocsin.catalog.CustomEntity;
import java.util.Objects;

/**
 * A custom entity as the API shows it.
 *
 * @param inFile whether a configuration file declares it, which alone changes it then
 */
public record EntityDeclaration(CustomEntity entity, boolean inFile, Audit audit) {
  public EntityDeclaration {
    Objects.requireNonNull(entity);
    Objects.requireNonNull(audit);
  }
}
