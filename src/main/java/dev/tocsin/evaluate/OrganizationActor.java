package dev.tocsin.evaluate;

import dev.tocsin.event.EntityRef;
import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an instance holds for one organization: its events in order of arrival, and its rules. */
final class OrganizationActor {
  /**
   * As many as a row of it and its index entries have: it costs as much as so much of a payload.
   */
  private static final int APPOINTMENT_BYTES = 256;

  private final OrganizationId id;
  private final Deque<Pending> inbox = new ArrayDeque<>();
  // The entities and keys of its events that are being committed.
  private final Set<Object> underWay = new HashSet<>();
  private @Nullable RuleSet rules;
  private boolean rulesAreCurrent;
  private boolean loading;
  // Whether rules that were current when they were loaded were not any more at the commit.
  private boolean overtaken;
  private @Nullable Hold hold;

  OrganizationActor(OrganizationId id) {
    this.id = id;
  }

  OrganizationId id() {
    return id;
  }

  boolean isIdle() {
    return inbox.isEmpty();
  }

  void add(List<Pending> events) {
    inbox.addAll(events);
  }

  int waiting() {
    return inbox.size();
  }

  /** The first waiting event; null when there is none, or it has to wait for those before it. */
  @Nullable Pending next() {
    return isHeldUp() ? null : inbox.poll();
  }

  /**
   * Whether the first waiting event shares its entity or its key with one that is being committed.
   * Committed beside it, it could overtake it.
   */
  boolean isHeldUp() {
    Pending first = inbox.peek();
    return first != null && first.claims().anyMatch(underWay::contains);
  }

  /** Keeps what shares an entity or a key with this event waiting, until it is released. */
  void claim(Pending event) {
    event.claims().forEach(underWay::add);
  }

  void release(Pending event) {
    event.claims().forEach(underWay::remove);
  }

  boolean hasClaims() {
    return !underWay.isEmpty();
  }

  /** The first waiting event, if its requester no longer waits. */
  @Nullable Pending nextLate(Instant now) {
    Pending first = inbox.peek();
    return first != null && first.submission().isLate(now) ? inbox.poll() : null;
  }

  /** Puts back events that have to be committed again, before those that came after them. */
  void putBack(List<Pending> events) {
    events.reversed().forEach(inbox::addFirst);
  }

  /** The rules in force as far as this node knows; the commit verifies it. */
  @Nullable RuleSet rules() {
    return rulesAreCurrent ? rules : null;
  }

  /** What an event adds to a commit, with the appointments of the state that it leaves behind. */
  int bytes(Pending event) {
    EntityRef changed = event.event().changed();
    int appointments =
        rules == null || changed == null ? 0 : rules.dates().of(changed.entity()).size();
    return event.bytes() + appointments * APPOINTMENT_BYTES;
  }

  /** Adds to a tally how often the rules did not fire since that was done last. */
  void count(RuleTally tally) {
    if (rules != null) {
      tally.missed(id, rules);
    }
  }

  RulesWanted rulesWanted() {
    OptionalLong since = rules == null ? OptionalLong.empty() : OptionalLong.of(rules.version());
    return new RulesWanted(id, since, overtaken);
  }

  void follow(RuleSet current, RuleTally tally) {
    count(tally);
    rules = current;
    rulesAreCurrent = true;
    overtaken = false;
  }

  /** Whether the changes fit the rules there are; if not, nothing is done. */
  boolean follow(RuleSetChanges changes) {
    boolean fits = rules != null && rules.version() == changes.since();
    if (rules != null && fits) {
      rules.follow(changes);
      rulesAreCurrent = true;
      overtaken = false;
    }
    return fits;
  }

  /** Whether somebody was asked for rules, and has not brought them yet. */
  boolean isLoading() {
    return loading;
  }

  void loading(boolean underWay) {
    loading = underWay;
  }

  /** Takes everything that waits. */
  List<Pending> takeAll() {
    List<Pending> all = List.copyOf(inbox);
    inbox.clear();
    return all;
  }

  /** Does not judge by rules that are older than the given version before they are renewed. */
  void outdateRulesBefore(long version) {
    if (rules != null && rules.version() < version) {
      rulesAreCurrent = false;
    }
  }

  /**
   * A commit found that rules of this version have changed. Whoever changes them one after the
   * other is quicker than a commit, so the next ones are held.
   */
  void overtaken(long version) {
    outdateRulesBefore(version + 1);
    overtaken = !rulesAreCurrent;
  }

  /** Keeps a hold for the next commit, if there can be one at once. */
  void hold(Hold begun) {
    if (rules() == null || isIdle() || isHeldUp()) {
      // What it waits for may itself wait for a change of rules, which waits for the hold.
      begun.letGo();
    } else {
      hold = begun;
    }
  }

  boolean hasHold() {
    return hold != null;
  }

  /** The hold for the commit that begins now; null when there is none. */
  @Nullable Hold takeHold() {
    Hold taken = hold;
    hold = null;
    return taken;
  }
}
