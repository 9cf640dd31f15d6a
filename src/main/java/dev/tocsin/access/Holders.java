package dev.tocsin.access;

import dev.tocsin.event.OrganizationId;
import java.util.Optional;

/** Where it is kept who may do what. */
@FunctionalInterface
public interface Holders {
  /** The service user with this id; empty when he is gone. */
  Optional<Holder> find(OrganizationId organization, ServiceUserId serviceUser);
}
