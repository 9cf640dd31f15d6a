package dev.tocsin.app;

import dev.tocsin.bus.Bus;
import dev.tocsin.config.Applied;
import dev.tocsin.flow.AccessChanged;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.RulesChanged;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells every node of what files changed, as of what callers of the API change. Files are applied
 * before this node's bus reaches the others: what changed then is told when it does.
 *
 * <p>Thread-safe.
 */
final class DeclarationBells {
  private final Bus bus;
  private final List<Applied> early = new ArrayList<>();
  private boolean isConnected;

  DeclarationBells(Bus bus) {
    this.bus = bus;
  }

  /** Rings for what was applied, now or when others can be reached, and hands it on. */
  synchronized Applied ring(Applied applied) {
    if (isConnected) {
      tell(applied);
    } else {
      early.add(applied);
    }
    return applied;
  }

  /** The others can be reached from now on. */
  synchronized void connected() {
    isConnected = true;
    early.forEach(this::tell);
    early.clear();
  }

  private void tell(Applied applied) {
    applied
        .changes()
        .forEach(change -> {
          bus.ring(Flow.ACCESS_CHANGED, new AccessChanged(change.organization()));
          Long version = change.ruleSetVersion();
          if (version != null) {
            bus.ring(Flow.RULES_CHANGED, new RulesChanged(change.organization(), version));
          }
        });
  }
}
