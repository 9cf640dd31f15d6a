package dev.tocsin.evaluate;

import dev.tocsin.evaluate.Ledger.Skipped;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IdempotencyKey;
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
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the verdicts of a commit into settlements, and passes on the deliveries it began. */
final class Settler {
  private static final Logger log = LoggerFactory.getLogger(Settler.class);

  private final Ledger ledger;
  private final Handover handover;
  private final RuleTally tally;
  private final Counter stored;
  private final Counter duplicates;
  private final Counter stale;
  private final Counter unchanged;
  private final Counter skipped;

  Settler(Ledger ledger, Handover handover, RuleTally tally, MeterRegistry meters) {
    this.ledger = ledger;
    this.handover = handover;
    this.tally = tally;
    this.stored = meters.counter("tocsin.events.stored");
    this.duplicates = meters.counter("tocsin.events.duplicate");
    this.stale = meters.counter("tocsin.events.stale");
    this.unchanged = meters.counter("tocsin.events.unchanged");
    this.skipped = meters.counter("tocsin.schedule.skipped");
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
          pending.stored(stored(decided));
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
    skipped(committed.skipped());
    repeated.forEach(this::settleRepeated);
  }

  /** One line for each organization: whoever imports old entities has thousands. */
  private void skipped(List<Skipped> appointments) {
    skipped.increment(appointments.size());
    appointments.stream()
        .collect(Collectors.groupingBy(Skipped::organization))
        .forEach((organization, theirs) ->
            log.info(
                "scheduled events skipped organization={} count={} configuration={} entity={} due={}",
                organization,
                theirs.size(),
                theirs.getFirst().configuration(),
                theirs.getFirst().entityId(),
                theirs.getFirst().due()));
  }

  private static Settlement.Stored stored(Case decided) {
    Judged judged = decided.judged();
    EventName name = decided.pending().event().isUndecided() ? judged.event().name() : null;
    return new Settlement.Stored(judged.id(), name, fired(judged));
  }

  /** Of those that came without a name, the name is told, too. */
  private void settleRepeated(OrganizationId organization, Map<Pending, EventId> firsts) {
    Map<EventId, List<Fired>> fired = ledger.notifications(organization, firsts.values());
    Map<EventId, EventName> names =
        firsts.keySet().stream().anyMatch(pending -> pending.event().isUndecided())
            ? ledger.names(organization, firsts.values())
            : Map.of();
    firsts.forEach((pending, first) ->
        pending.repeated(
            new Settlement.Duplicate(
                first, names.get(first), fired.getOrDefault(first, List.of()))));
  }

  /**
   * Settles what was judged to be no change, once the rest of its group is committed: a state that
   * an event of the group was to leave behind is there only if that event is stored, and what rests
   * on another stays open. One that repeats an earlier event is answered with that, though the
   * earlier one is why there is no change.
   *
   * @return those that shared a key with one of these, which are events of their own now
   */
  List<Pending> settleUnchanged(Judgement judgement) {
    if (judgement.unchanged().isEmpty()) {
      return List.of();
    }
    List<NoChange> founded = founded(judgement);
    Map<OrganizationId, Map<Pending, EventId>> repeated = repeated(founded);
    List<Pending> freed = new ArrayList<>();
    for (NoChange one : founded) {
      if (!repeated
          .getOrDefault(one.pending().organization(), Map.of())
          .containsKey(one.pending())) {
        unchanged.increment();
        freed.addAll(one.pending().withoutEvent(one.settlement()));
      }
    }
    duplicates.increment(repeated.values().stream().mapToInt(Map::size).sum());
    repeated.forEach(this::settleRepeated);
    return freed;
  }

  private static List<NoChange> founded(Judgement judgement) {
    if (judgement.unchanged().stream().allMatch(one -> one.writer() == null)) {
      return judgement.unchanged();
    }
    Set<EventId> written =
        judgement.cases().stream()
            .filter(one -> one.pending().isStored())
            .map(one -> one.judged().id())
            .collect(Collectors.toSet());
    return judgement.unchanged().stream()
        .filter(one -> one.writer() == null || written.contains(one.writer()))
        .toList();
  }

  private Map<OrganizationId, Map<Pending, EventId>> repeated(List<NoChange> unchanged) {
    Map<OrganizationId, Map<IdempotencyKey, Pending>> keyed = new LinkedHashMap<>();
    for (NoChange one : unchanged) {
      IdempotencyKey key = one.pending().event().key();
      if (key != null) {
        keyed
            .computeIfAbsent(one.pending().organization(), none -> new LinkedHashMap<>())
            .put(key, one.pending());
      }
    }
    Map<OrganizationId, Map<Pending, EventId>> repeated = new LinkedHashMap<>();
    keyed.forEach((organization, byKey) -> {
      Map<Pending, EventId> firsts = new LinkedHashMap<>();
      ledger
          .firsts(organization, byKey.keySet())
          .forEach((key, first) -> firsts.put(byKey.get(key), first));
      if (!firsts.isEmpty()) {
        repeated.put(organization, firsts);
      }
    });
    return repeated;
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
