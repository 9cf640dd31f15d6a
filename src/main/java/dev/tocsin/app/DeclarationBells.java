package dev.tocsin.app;

import dev.tocsin.bus.Bus;
import dev.tocsin.config.Applied;
import dev.tocsin.flow.AccessChanged;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.RulesChanged;

/** Tells every node of what files changed, as of what callers of the API change. */
record DeclarationBells(Bus bus) {
  /** Rings for what was applied, and hands it on. */
  Applied ring(Applied applied) {
    applied
        .changes()
        .forEach(change -> {
          bus.ring(Flow.ACCESS_CHANGED, new AccessChanged(change.organization()));
          Long version = change.ruleSetVersion();
          if (version != null) {
            bus.ring(Flow.RULES_CHANGED, new RulesChanged(change.organization(), version));
          }
        });
    return applied;
  }
}
