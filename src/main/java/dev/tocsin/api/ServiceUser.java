package dev.tocsin.api;

import dev.tocsin.access.ServiceUserId;
import java.util.Objects;

/**
 * A service user as the API shows it.
 *
 * @param managed whether it is declared in a file: then nothing here changes it
 */
public record ServiceUser(ServiceUserId id, String name, boolean managed, Audit audit) {
  public ServiceUser {
    Objects.requireNonNull(id);
    Objects.requireNonNull(name);
    Objects.requireNonNull(audit);
  }
}
