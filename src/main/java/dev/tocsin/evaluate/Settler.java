package dev.tocsin.evaluate;

import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.NotificationMessage;
import dev.tocsin.flow.Settlement;
import dev.tocsin.flow.Settlement.Fired;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns the verdicts of a commit into settlements, and passes on the deliveries it began. */
final class Settler {
  private final Ledger ledger;
  private final Handover handover;
  private final RuleTally tally;
  private final Counter stored;
  private final Counter duplicates;
  private final Counter stale;

  Settler(Ledger ledger, Handover handover, RuleTally tally, MeterRegistry meters) {
    this.ledger = ledger;
    this.handover = handover;
    this.tally = tally;
    this.stored = meters.counter("tocsin.events.stored");
    this.duplicates = meters.counter("tocsin.events.duplicate");
    this.stale = meters.counter("tocsin.events.stale");
  }

  /**
   * Settles what is decided. An event that is stale stays open; rules that are no longer current
   * are forgotten, and those that are stay, for there may be many.
   */
  void settle(List<Case> cases, Ledger.Committed committed, OrganizationActors actors) {
    List<LeasedRun> runs = new ArrayList<>();
    Map<OrganizationId, Map<Pending, EventId>> repeated = new LinkedHashMap<>();
    for (int i = 0; i < cases.size(); i++) {
      Case decided = cases.get(i);
      Pending pending = decided.pending();
      switch (committed.verdicts().get(i)) {
        case Verdict.Stored s -> {
          stored.increment();
          tally.settled(decided.judged());
          begin(decided.judged(), committed.leaseEnd(), runs);
          pending.stored(new Settlement.Stored(decided.judged().id(), fired(decided.judged())));
        }
        case Verdict.Duplicate duplicate -> {
          duplicates.increment();
          repeated
              .computeIfAbsent(pending.organization(), organization -> new LinkedHashMap<>())
              .put(pending, duplicate.first());
        }
        case Verdict.StaleRules s -> {
          stale.increment();
          actors.of(pending.organization()).overtaken(decided.rulesVersion());
        }
        case Verdict.StaleState s -> stale.increment();
      }
    }
    handover.handOver(runs);
    repeated.forEach(this::settleRepeated);
  }

  private void settleRepeated(OrganizationId organization, Map<Pending, EventId> firsts) {
    Map<EventId, List<Fired>> fired = ledger.notifications(organization, firsts.values());
    firsts.forEach((pending, first) ->
        pending.repeated(new Settlement.Duplicate(first, fired.getOrDefault(first, List.of()))));
  }

  private static List<Fired> fired(Judged judged) {
    return judged.firings().stream()
        .map(firing -> new Fired(firing.notification(), firing.rule().id(), firing.rule().code()))
        .toList();
  }

  private static void begin(Judged judged, Instant leaseEnd, List<LeasedRun> runs) {
    if (judged.firings().isEmpty()) {
      return;
    }
    StoredEvent cause = judged.stored();
    for (Judged.Firing firing : judged.firings()) {
      Rule rule = firing.rule();
      NotificationMessage message =
          new NotificationMessage(
              firing.notification(), rule.id(), rule.code(), rule.name(), rule.version(), cause);
      for (Judged.RunBirth run : firing.runs()) {
        if (run.target() instanceof Target.On target) {
          runs.add(
              new LeasedRun(
                  judged.organization(),
                  run.id(),
                  1,
                  1,
                  leaseEnd,
                  target.destination(),
                  message,
                  target.lacksMapping(cause.accountId())));
        }
      }
    }
  }
}
