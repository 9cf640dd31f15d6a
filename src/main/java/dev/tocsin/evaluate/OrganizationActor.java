package dev.tocsin.evaluate;

import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an instance holds for one organization: its events in order of arrival, and its rules. */
final class OrganizationActor {
  private final OrganizationId id;
  private final Deque<Pending> inbox = new ArrayDeque<>();
  private @Nullable RuleSet rules;
  private boolean loading;

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

  @Nullable Pending next() {
    return inbox.poll();
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
    return rules;
  }

  void follow(RuleSet current) {
    rules = current;
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

  /** Forgets rules that are older than the given version. */
  void forgetRulesBefore(long version) {
    if (rules != null && rules.version() < version) {
      rules = null;
    }
  }

  void forgetRules() {
    rules = null;
  }
}
