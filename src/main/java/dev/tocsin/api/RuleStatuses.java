package dev.tocsin.api;

import dev.tocsin.rule.RuleId;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Where it is kept what notification configurations did. */
@FunctionalInterface
public interface RuleStatuses {
  /**
   * The days on which a rule did anything, from a day on, the newest first; empty when there is no
   * such rule. An error on an event that is hidden from the viewer is counted, and not told.
   */
  Optional<List<RuleDay>> find(Viewer viewer, RuleId rule, LocalDate from);
}
