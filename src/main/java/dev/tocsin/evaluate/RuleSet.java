package dev.tocsin.evaluate;

import dev.tocsin.catalog.ScheduledDates;
import dev.tocsin.event.Change;
import dev.tocsin.event.EventName;
import dev.tocsin.rule.RuleId;
import dev.tocsin.rule.index.Matches;
import dev.tocsin.rule.index.Misses;
import dev.tocsin.rule.index.RuleIndex;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/**
 * Everything that decides over an organization's events, as of one version, and ready to do so: the
 * rules of each event name are indexed by what they ask of an event, the dates that scheduled
 * events wait for by the entity.
 *
 * <p>It follows changes in place, in microseconds a rule. For use by one thread at a time.
 */
public final class RuleSet {
  private static final Comparator<Rule> BY_ID = Comparator.comparing(Rule::id);

  private final Map<RuleId, Listening> rules = new LinkedHashMap<>();
  private final Map<EventName, RuleIndex<Rule>> indexes = new HashMap<>();
  private final Misses<Rule> misses = new Misses<>();
  private ScheduledDates dates;
  private long version;

  /** An active rule, and the events it listens to. */
  public record Listening(EventName eventName, Rule rule) {}

  /**
   * A rule set, which takes some microseconds a rule to index.
   *
   * @param version grows with every change of a rule, a webhook or a link between them, or of the
   *     dates
   */
  public RuleSet(long version, Collection<Listening> rules, ScheduledDates dates) {
    this.version = version;
    this.dates = dates;
    rules.forEach(this::put);
  }

  /** A rule set of an organization without scheduled events. */
  public RuleSet(long version, Collection<Listening> rules) {
    this(version, rules, ScheduledDates.NONE);
  }

  private void put(Listening added) {
    Rule rule = added.rule();
    Listening old = rules.put(rule.id(), added);
    if (old != null && !old.eventName().equals(added.eventName())) {
      removeFrom(old.eventName(), rule.id());
    }
    indexes
        .computeIfAbsent(added.eventName(), name -> new RuleIndex<>(misses))
        .put(rule.id(), rule, rule.calculation());
  }

  /** As of when it is. */
  public long version() {
    return version;
  }

  /** Becomes what a later version is; the changes must be those since this one's. */
  public void follow(RuleSetChanges changes) {
    if (changes.since() != version) {
      throw new IllegalStateException(
          "changes since %d do not fit version %d".formatted(changes.since(), version));
    }
    changes.gone().forEach(this::remove);
    changes.rules().forEach(this::put);
    ScheduledDates changed = changes.dates();
    dates = changed == null ? dates : changed;
    version = changes.version();
  }

  private void remove(RuleId id) {
    Listening old = rules.remove(id);
    if (old != null) {
      removeFrom(old.eventName(), id);
    }
  }

  private void removeFrom(EventName name, RuleId id) {
    RuleIndex<Rule> index = indexes.get(name);
    if (index != null && index.remove(id) && index.size() == 0) {
      indexes.remove(name);
    }
  }

  /** The active rules, in the order in which they came. */
  public List<Listening> rules() {
    return List.copyOf(rules.values());
  }

  /** What scheduled events wait for. */
  public ScheduledDates dates() {
    return dates;
  }

  /** Tells how often each rule was computed and did not fire, since that was last asked. */
  void takeMisses(ObjIntConsumer<Rule> each) {
    misses.take(each);
  }

  /** What fires on an event, in the order of the rules' ids: the same on every node. */
  public Matches<Rule> matching(EventName name, Change change) {
    RuleIndex<Rule> index = indexes.get(name);
    if (index == null) {
      return Matches.none();
    }
    Matches<Rule> matches = index.matching(change);
    return matches.fired().size() < 2 ? matches : matches.sorted(BY_ID);
  }
}
