package dev.tocsin.evaluate;

import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.Ids;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.EventsAccepted;
import dev.tocsin.flow.EventsSettled;
import dev.tocsin.flow.RulesChanged;
import dev.tocsin.flow.Settlement;
import dev.tocsin.flow.Settlement.Fired;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of one instance of evaluate: takes the events that wait, judges them, commits them as
 * one group, and settles each by its verdict. It waits for the store's commit alone; events whose
 * rules are not in memory wait beside it. While one group is committed, what arrives joins the
 * next; when enough has, the loop runs a second time beside the first, with events of other
 * entities and keys.
 *
 * <p>The rules it judges by may be old, and so may a state it fills in: neither is checked
 * beforehand, because the commit verifies both in its own transaction. What it refuses is judged
 * again with what is current by then. So nothing here has to be told of a change in time, and two
 * nodes that cannot see each other stay correct. Rules that were overtaken once are held until the
 * next commit, or somebody who changes them one after the other would keep events waiting.
 *
 * <p>Not thread-safe: one verticle's context runs everything, some of it while a round waits for
 * the store.
 */
public final class GroupCommit {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

  /** How often a whole group is tried while it meets others, before it is tried in halves. */
  private static final int TRIES_OF_A_GROUP = 2;

  private final EvaluateSettings settings;
  private final OrganizationActors actors;
  private final Judge judge;
  private final Ledger ledger;
  private final Settler settler;
  private final RuleTally tally;
  private final InstantSource clock;
  private final Timer follow;
  private int runs;

  /**
   * A loop over these collaborators.
   *
   * @param meters {@code tocsin.rules.follow} tells how long events stand still while rules that
   *     were loaded are taken up
   */
  public static GroupCommit over(
      EvaluateSettings settings,
      EntityStates entityStates,
      Ledger ledger,
      Handover handover,
      Ids ids,
      InstantSource clock,
      MeterRegistry meters) {
    Judge judge = new Judge(new Evaluator(ids, clock, meters), entityStates);
    RuleTally tally = new RuleTally(settings.countsMax(), clock, meters);
    Settler settler = new Settler(ledger, handover, tally, meters);
    Timer follow = meters.timer("tocsin.rules.follow");
    return new GroupCommit(settings, judge, ledger, settler, tally, clock, follow);
  }

  private GroupCommit(
      EvaluateSettings settings,
      Judge judge,
      Ledger ledger,
      Settler settler,
      RuleTally tally,
      InstantSource clock,
      Timer follow) {
    this.settings = settings;
    this.actors = new OrganizationActors(settings.actorsMax(), tally);
    this.tally = tally;
    this.judge = judge;
    this.ledger = ledger;
    this.settler = settler;
    this.clock = clock;
    this.follow = follow;
  }

  /**
   * What one round did, in events.
   *
   * @param taken those the round began with
   * @param putBack those that have to be judged and committed again
   * @param interrupted whether the store could not be reached, so that the next round should wait
   */
  public record Round(int taken, int putBack, boolean interrupted) {}

  /** How long to wait when the store could not be reached. */
  Duration pause() {
    return settings.unavailablePause();
  }

  /** Queues a request; the answer is called from a later round. */
  public void submit(EventsAccepted accepted, Consumer<EventsSettled> answer) {
    actors.add(new Submission(accepted, answer));
  }

  /**
   * The organizations whose rules have to be loaded before their events are judged, each told once:
   * whoever asks loads them, beside the loop, and says what came of it with {@link #loaded}.
   */
  public List<RulesWanted> takeRulesWanted() {
    return actors.takeRulesWanted();
  }

  /**
   * Ends a load. Rules that changed meanwhile do no harm: the commit refuses what they judged, and
   * they are wanted again, as those are that could not be loaded.
   */
  public void loaded(OrganizationId organization, Loaded loaded) {
    List<Pending> orphans = follow.record(() -> actors.loaded(organization, loaded));
    unsettle(orphans, "the organization does not exist any more");
  }

  /** Whether a round would find nothing to commit; events may still wait for rules. */
  public boolean isIdle() {
    return actors.isIdle();
  }

  /** Renews rules that a change has overtaken, which saves the commit from finding out. */
  public void rulesChanged(RulesChanged changed) {
    OrganizationActor actor = actors.find(changed.organization());
    if (actor != null) {
      actor.outdateRulesBefore(changed.version());
    }
  }

  /** Adds what rules did not fire on to what is to be taken. */
  void countMisses() {
    actors.count();
  }

  /** What rules did, of at most so many rules and days; those that remain are taken next. */
  List<RuleCounts> takeCounts(int max) {
    return tally.take(max);
  }

  /** Takes counts back that could not be written down. */
  void keepCounts(List<RuleCounts> counts) {
    counts.forEach(tally::add);
  }

  /** Settles everything that waits as not done, for a server that stops. */
  public int abandon() {
    return unsettle(actors.takeLate(Instant.MAX), "the server stops");
  }

  /** Whether a run should begin, which this announces: {@link #run} has to follow. */
  boolean begin() {
    boolean worthwhile = runs == 0 || isWorthwhileBeside(runs);
    runs += worthwhile ? 1 : 0;
    return worthwhile;
  }

  /**
   * A commit costs the database about as much as ten events do, so a few events are better off
   * waiting for the one under way; but that one may wait for a change of rules, and the change for
   * those who hold them.
   */
  private boolean isWorthwhileBeside(int others) {
    return others < settings.commitsMax()
        && (actors.haveHolds() || actors.hold(settings.commitBesideFrom()));
  }

  /**
   * Runs rounds until there is too little to commit, or until the store could not be reached.
   *
   * @param load begins to load the rules of an organization that waits for them
   * @return whether the store could not be reached, so that the next run should wait
   */
  boolean run(Consumer<RulesWanted> load) {
    try {
      boolean interrupted;
      do {
        interrupted = runOnce().interrupted();
        takeRulesWanted().forEach(load);
      } while (!interrupted && (runs == 1 ? !isIdle() : isWorthwhileBeside(runs - 1)));
      return interrupted;
    } finally {
      runs--;
    }
  }

  /** Commits the next group, if anything waits. */
  public Round runOnce() {
    unsettle(actors.takeLate(clock.instant()), "the event could not be stored in time");
    List<Pending> taken = actors.take(settings.commitEventsMax(), settings.commitBytesMax());
    Map<OrganizationId, Hold> holds = actors.takeHolds(taken);
    try {
      return commit(withoutTwins(taken), holds);
    } finally {
      holds.values().forEach(Hold::letGo);
      actors.release(taken);
    }
  }

  private Round commit(List<Pending> group, Map<OrganizationId, Hold> holds) {
    boolean interrupted = false;
    List<Pending> freed = List.of();
    try {
      settleStored(group);
      List<Pending> open = open(group);
      Judgement judgement = judge.judge(open, rulesFor(open));
      commit(judgement.cases(), TRIES_OF_A_GROUP, holds);
      freed = settler.settleUnchanged(judgement);
    } catch (LedgerException.Unavailable e) {
      log.warn("commit interrupted events={} cause=\"{}\"", group.size(), e.getMessage());
      open(group).stream().filter(Pending::wasJudged).forEach(pending -> pending.doubt(true));
      interrupted = true;
    } catch (RuntimeException e) {
      unsettle(open(group), "the event could not be stored");
      throw e;
    }
    List<Pending> again = open(group);
    if (!freed.isEmpty()) {
      again = Stream.concat(again.stream(), freed.stream()).toList();
    }
    return new Round(group.size(), putBack(again), interrupted);
  }

  private static int unsettle(List<Pending> events, String reason) {
    events.forEach(pending -> pending.unsettled(new Settlement.Unsettled(reason)));
    return events.size();
  }

  private static List<Pending> open(List<Pending> events) {
    return events.stream().filter(pending -> !pending.isSettled()).toList();
  }

  /** Lets an event that repeats another of the same group share that one's fate. */
  private static List<Pending> withoutTwins(List<Pending> group) {
    record Key(OrganizationId organization, IdempotencyKey key) {}
    Map<Key, Pending> firsts = new HashMap<>();
    List<Pending> distinct = new ArrayList<>(group.size());
    for (Pending pending : group) {
      IdempotencyKey key = pending.event().key();
      Pending first =
          key == null ? null : firsts.putIfAbsent(new Key(pending.organization(), key), pending);
      if (first == null) {
        distinct.add(pending);
      } else {
        first.adopt(pending);
      }
    }
    return distinct;
  }

  /** Settles those events that a commit with a lost outcome has stored after all. */
  private void settleStored(List<Pending> group) {
    Map<OrganizationId, List<Pending>> doubtful =
        group.stream()
            .filter(Pending::isUncertain)
            .collect(Collectors.groupingBy(Pending::organization));
    doubtful.forEach((organization, events) -> {
      Map<EventId, Pending> byId =
          events.stream().collect(Collectors.toMap(Pending::idGiven, Function.identity()));
      Collection<EventId> stored = ledger.stored(organization, byId.keySet());
      Map<EventId, List<Fired>> fired =
          stored.isEmpty() ? Map.of() : ledger.notifications(organization, stored);
      Map<EventId, EventName> names =
          stored.isEmpty() || events.stream().noneMatch(one -> one.event().isUndecided())
              ? Map.of()
              : ledger.names(organization, stored);
      byId.forEach((id, pending) -> {
        pending.doubt(false);
        if (stored.contains(id)) {
          pending.stored(
              new Settlement.Stored(id, names.get(id), fired.getOrDefault(id, List.of())));
        }
      });
    });
  }

  /** The rules of the organizations of the group that were not forgotten since it was taken. */
  private Map<OrganizationId, RuleSet> rulesFor(List<Pending> group) {
    Map<OrganizationId, RuleSet> rules = new HashMap<>();
    for (Pending pending : group) {
      RuleSet known = actors.of(pending.organization()).rules();
      if (known != null) {
        rules.put(pending.organization(), known);
      }
    }
    return rules;
  }

  /**
   * Commits a group. What it met in a conflict is done by the time it fails, so that the next try
   * sees it; only a group that is out of tries goes in halves.
   */
  private void commit(List<Case> cases, int tries, Map<OrganizationId, Hold> holds) {
    if (cases.isEmpty()) {
      return;
    }
    Map<OrganizationId, Long> versions = new HashMap<>();
    cases.forEach(c -> versions.put(c.pending().organization(), c.rulesVersion()));
    List<Judged> judged = cases.stream().map(Case::judged).toList();
    Ledger.Committed committed;
    try {
      committed = ledger.commit(judged, versions, held(holds));
    } catch (LedgerException.Conflict e) {
      if (tries > 1) {
        commit(cases, tries - 1, holds);
      } else {
        split(cases, e, holds);
      }
      return;
    } catch (LedgerException.Refused e) {
      split(cases, e, holds);
      return;
    }
    settler.settle(cases, committed, actors);
  }

  /**
   * Commits a group that did not go through as two halves, down to the single event that is to
   * blame, so that nobody else's events suffer for it.
   */
  private void split(List<Case> cases, LedgerException reason, Map<OrganizationId, Hold> holds) {
    if (cases.size() > 1) {
      int half = cases.size() / 2;
      commit(cases.subList(0, half), 1, holds);
      commit(cases.subList(half, cases.size()), 1, holds);
      return;
    }
    Pending culprit = cases.getFirst().pending();
    if (reason instanceof LedgerException.Conflict) {
      culprit.doubt(true);
    } else {
      log.error(
          "event refused organization={} event={}", culprit.organization(), culprit.id(), reason);
      culprit.unsettled(new Settlement.Unsettled("the event could not be stored"));
    }
  }

  /** The organizations whose holds are not over meanwhile. */
  private static Set<OrganizationId> held(Map<OrganizationId, Hold> holds) {
    return holds.entrySet().stream()
        .filter(hold -> hold.getValue().isOn())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private int putBack(List<Pending> events) {
    Map<OrganizationId, List<Pending>> byOrganization =
        events.stream()
            .collect(
                Collectors.groupingBy(
                    Pending::organization, LinkedHashMap::new, Collectors.toList()));
    byOrganization.forEach(actors::putBack);
    return events.size();
  }
}
