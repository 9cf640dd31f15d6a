package dev.tocsin.access;

import java.util.Objects;

/**
 * An access key as it is kept.
 *
 * @param caller who the key's tokens speak for
 * @param secretHash the {@link SecretHash} of its secret
 */
public record AccessKey(String key, Caller caller, SecretHash secretHash) {
  public AccessKey {
    Objects.requireNonNull(key);
    Objects.requireNonNull(caller);
    Objects.requireNonNull(secretHash);
  }
}
