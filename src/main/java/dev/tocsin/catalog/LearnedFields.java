package dev.tocsin.catalog;

import dev.tocsin.event.OrganizationId;
import java.util.List;
import java.util.Set;

/** Where the fields are kept that events were seen to have. */
public interface LearnedFields {
  /** Those of an organization, by subject and path. */
  List<LearnedField> all(OrganizationId organization);

  /** Those of some subjects, likewise. */
  List<LearnedField> of(OrganizationId organization, Set<String> subjects);
}
