package dev.tocsin.event;

import java.util.UUID;

/**
 * A source of new ids: version 7 UUIDs whose time is the database's clock. Ids of one source never
 * decrease, so the order in which a node makes events is the order in which they are listed.
 */
@FunctionalInterface
public interface Ids {
  UUID next();
}
