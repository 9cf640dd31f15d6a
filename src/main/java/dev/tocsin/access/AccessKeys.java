package dev.tocsin.access;

import java.util.Optional;

/** Where access keys are kept. */
@FunctionalInterface
public interface AccessKeys {
  /** The access key so named, of whatever organization. */
  Optional<AccessKey> find(String key);
}
