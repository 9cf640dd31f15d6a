package dev.tocsin.catalog;

import dev.tocsin.event.OrganizationId;
import java.util.Map;

/** Where the catalogs of organizations are read from. */
@FunctionalInterface
public interface CatalogSource {
  /**
   * Those of the organizations whose version is not the one that is held: each as of one moment
   * after the call began. An organization that does not exist is in no answer.
   *
   * @param held the version of each that is there already; 0 for none
   */
  Map<OrganizationId, CatalogAdditions> changed(Map<OrganizationId, Long> held);
}
