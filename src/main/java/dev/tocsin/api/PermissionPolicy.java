package dev.tocsin.api;

import dev.tocsin.access.Statement;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * A permission policy as the API shows it.
 *
 * @param managed whether it is declared in a file, or built in: then nothing here changes it
 */
public record PermissionPolicy(UUID id, Content content, boolean managed, Audit audit) {
  public PermissionPolicy {
    Objects.requireNonNull(id);
    Objects.requireNonNull(content);
    Objects.requireNonNull(audit);
  }

  /** What its author decides. */
  public record Content(String name, List<Statement> statements) {
    public Content {
      Objects.requireNonNull(name);
      statements = List.copyOf(statements);
    }
  }
}
