package dev.tocsin.store;

import dev.tocsin.event.OrganizationId;
import java.util.Comparator;
import java.util.UUID;

/** What a configuration is known by; in the order of the database. */
record ConfigurationKey(OrganizationId organization, UUID configuration)
    implements Comparable<ConfigurationKey> {
  private static final Comparator<ConfigurationKey> ORDER =
      Comparator.comparing((ConfigurationKey key) -> key.organization().value(), Rows.ORDER)
          .thenComparing(ConfigurationKey::configuration, Rows.ORDER);

  @Override
  public int compareTo(ConfigurationKey other) {
    return ORDER.compare(this, other);
  }
}
