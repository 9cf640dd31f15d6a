package dev.tocsin.access;

import java.util.Objects;
import java.util.Set;

/**
 * A service user as he stands: what he may do, and which access keys speak for him.
 *
 * @param accessKeys those there are; a token that was issued for another one is worth nothing
 */
public record Holder(Permissions permissions, Set<String> accessKeys) {
  public Holder {
    Objects.requireNonNull(permissions);
    accessKeys = Set.copyOf(accessKeys);
  }
}
