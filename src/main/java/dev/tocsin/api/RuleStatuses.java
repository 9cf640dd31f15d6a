package dev.tocsin.api;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Where it is kept what notification configurations did. */
@FunctionalInterface
public interface RuleStatuses {
  /**
   * The days on which a rule did anything, from a day on, the newest first; empty when there is no
   * such rule.
   */
  Optional<List<RuleDay>> find(OrganizationId organization, RuleId rule, LocalDate from);
}
