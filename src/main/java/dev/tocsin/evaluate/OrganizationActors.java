package dev.tocsin.evaluate;

import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The actors of one instance, and whose turn it is: organizations with waiting events take turns of
 * a fair share each, so that one with a long queue delays the others by a commit at most. One whose
 * rules are not in memory stands aside until they are, so that a long load delays nobody else.
 */
final class OrganizationActors {
  private final int idleMax;
  private final RuleTally tally;
  // In order of last use, so that the first idle one is the one least likely to be missed.
  private final Map<OrganizationId, OrganizationActor> actors =
      new LinkedHashMap<>(16, 0.75f, true);
  // An actor with waiting events is in one of these three: it may take its turn, it waits for its
  // rules, or its next event waits for one that is being committed. Whether one in turns still may
  // is seen when its turn comes.
  private final Queue<OrganizationActor> turns = new ArrayDeque<>();
  private final Set<OrganizationActor> aside = new LinkedHashSet<>();
  private final Set<OrganizationActor> heldUp = new LinkedHashSet<>();

  /**
   * No actors yet.
   *
   * @param idleMax most that are kept in memory while they have no events
   * @param tally told how often rules did not fire before they are given up
   */
  OrganizationActors(int idleMax, RuleTally tally) {
    this.idleMax = idleMax;
    this.tally = tally;
  }

  /** Adds to the tally how often the rules of all did not fire. */
  void count() {
    actors.values().forEach(actor -> actor.count(tally));
  }

  /** The actor of an organization, if it has one here. */
  @Nullable OrganizationActor find(OrganizationId organization) {
    return actors.get(organization);
  }

  /** The actor of an organization, a new one if it has none here. */
  OrganizationActor of(OrganizationId organization) {
    return actors.computeIfAbsent(organization, OrganizationActor::new);
  }

  void add(Submission submission) {
    OrganizationActor actor = of(submission.organization());
    boolean waits = !actor.isIdle();
    actor.add(submission.events());
    if (!waits) {
      place(actor);
    }
    evict();
  }

  private void place(OrganizationActor actor) {
    if (actor.rules() == null) {
      aside.add(actor);
    } else if (actor.isHeldUp()) {
      heldUp.add(actor);
    } else {
      turns.add(actor);
    }
  }

  /** The organizations whose events wait for rules that nobody was asked for yet. */
  List<RulesWanted> takeRulesWanted() {
    List<RulesWanted> wanted = new ArrayList<>();
    for (OrganizationActor actor : aside) {
      if (!actor.isLoading()) {
        actor.loading(true);
        wanted.add(actor.rulesWanted());
      }
    }
    return wanted;
  }

  /**
   * Ends a load.
   *
   * @return the events that nobody will judge, because their organization does not exist
   */
  List<Pending> loaded(OrganizationId organization, Loaded loaded) {
    OrganizationActor actor = of(organization);
    actor.loading(false);
    return switch (loaded) {
      case Loaded.Found found -> {
        actor.follow(found.rules(), tally);
        replace(actor);
        yield List.of();
      }
      case Loaded.Changed changed -> {
        if (actor.follow(changed.changes())) {
          replace(actor);
        }
        yield List.of();
      }
      case Loaded.Held held -> {
        List<Pending> orphans = loaded(organization, held.rules());
        actor.hold(held.hold());
        yield orphans;
      }
      case Loaded.Missing missing -> {
        aside.remove(actor);
        turns.remove(actor);
        heldUp.remove(actor);
        yield actor.takeAll();
      }
      case Loaded.Failed failed -> List.of();
    };
  }

  private void replace(OrganizationActor actor) {
    if (aside.remove(actor)) {
      place(actor);
    }
  }

  /** Puts events of one organization back in front of its queue. */
  void putBack(OrganizationId organization, List<Pending> events) {
    if (events.isEmpty()) {
      return;
    }
    OrganizationActor actor = of(organization);
    boolean waits = !actor.isIdle();
    actor.putBack(events);
    if (!waits) {
      place(actor);
    }
  }

  /** Whether nobody's turn it is; events may still wait for rules, or for others under way. */
  boolean isIdle() {
    return turns.isEmpty();
  }

  /** Whether rules are held for events whose turn it is. */
  boolean haveHolds() {
    return turns.stream().anyMatch(OrganizationActor::hasHold);
  }

  /** The holds on the rules of these events, which are whoever's who commits them. */
  Map<OrganizationId, Hold> takeHolds(List<Pending> taken) {
    Map<OrganizationId, Hold> holds = new HashMap<>();
    for (Pending pending : taken) {
      Hold hold = of(pending.organization()).takeHold();
      if (hold != null) {
        holds.put(pending.organization(), hold);
      }
    }
    return holds;
  }

  /** Whether so many events wait whose turn it is. */
  boolean hold(int events) {
    int waiting = 0;
    for (OrganizationActor actor : turns) {
      waiting += actor.waiting();
      if (waiting >= events) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes the next events to commit, at most so many and of so many bytes, but at least one. Until
   * they are {@linkplain #release released}, none is taken that shares an entity or a key with
   * them.
   */
  List<Pending> take(int eventsMax, int bytesMax) {
    List<Pending> taken = new ArrayList<>();
    int bytes = 0;
    int share = turns.isEmpty() ? 0 : Math.max(1, eventsMax / turns.size());
    while (!turns.isEmpty() && taken.size() < eventsMax && bytes < bytesMax) {
      OrganizationActor actor = turns.remove();
      if (actor.rules() == null || actor.isHeldUp()) {
        place(actor);
        continue;
      }
      for (int n = 0; n < share && taken.size() < eventsMax && bytes < bytesMax; n++) {
        Pending next = actor.next();
        if (next == null) {
          break;
        }
        taken.add(next);
        bytes += actor.bytes(next);
      }
      if (!actor.isIdle()) {
        place(actor);
      }
    }
    taken.forEach(pending -> of(pending.organization()).claim(pending));
    return taken;
  }

  /** Ends what {@link #take} began: the events are settled or put back. */
  void release(List<Pending> taken) {
    taken.forEach(pending -> of(pending.organization()).release(pending));
    List<OrganizationActor> freed = heldUp.stream().filter(actor -> !actor.isHeldUp()).toList();
    freed.forEach(heldUp::remove);
    freed.forEach(this::place);
  }

  /**
   * Takes the events whose requesters no longer wait, of every organization. An inbox is in order
   * of deadline, since everybody waits equally long; so only its head has to be looked at.
   */
  List<Pending> takeLate(Instant now) {
    List<Pending> late = new ArrayList<>();
    takeLate(turns, now, late);
    takeLate(aside, now, late);
    takeLate(heldUp, now, late);
    return late;
  }

  private static void takeLate(
      Collection<OrganizationActor> actors, Instant now, List<Pending> late) {
    int before = late.size();
    for (OrganizationActor actor : actors) {
      for (Pending next = actor.nextLate(now); next != null; next = actor.nextLate(now)) {
        late.add(next);
      }
    }
    if (late.size() > before) {
      actors.removeIf(OrganizationActor::isIdle);
    }
  }

  private void evict() {
    Iterator<OrganizationActor> eldest = actors.values().iterator();
    while (actors.size() > idleMax && eldest.hasNext()) {
      OrganizationActor actor = eldest.next();
      if (actor.isIdle() && !actor.isLoading() && !actor.hasClaims()) {
        actor.count(tally);
        eldest.remove();
      } else {
        break;
      }
    }
  }
}
