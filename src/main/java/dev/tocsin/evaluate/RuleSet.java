package dev.tocsin.evaluate;

import dev.tocsin.event.Change;
import dev.tocsin.event.EventName;
import dev.tocsin.rule.Matches;
import dev.tocsin.rule.RuleIndex;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides over an organization's events, as of one version, and ready to do so: the
 * rules of each event name are indexed by what they ask of an event.
 */
public final class RuleSet {
  private final long version;
  private final Map<EventName, List<Rule>> byEventName;
  private final Map<EventName, RuleIndex<Rule>> indexes = new HashMap<>();

  /**
   * A rule set, which takes some microseconds a rule to index.
   *
   * @param version grows with every change of a rule, a webhook or a link between them
   * @param byEventName the active rules, by the event name they listen to
   */
  public RuleSet(long version, Map<EventName, List<Rule>> byEventName) {
    this.version = version;
    this.byEventName = Map.copyOf(byEventName);
    this.byEventName.forEach((name, rules) -> indexes.put(name, index(rules)));
  }

  private static RuleIndex<Rule> index(List<Rule> rules) {
    RuleIndex<Rule> index = new RuleIndex<>();
    rules.forEach(rule -> index.put(rule.id(), rule, rule.calculation()));
    return index;
  }

  /** As of when it is. */
  public long version() {
    return version;
  }

  /** The active rules, by the event name they listen to. */
  public Map<EventName, List<Rule>> byEventName() {
    return byEventName;
  }

  /** The rules that listen to events of a name. */
  public List<Rule> listeningTo(EventName name) {
    return byEventName.getOrDefault(name, List.of());
  }

  /** What fires on an event, in the order of the rules. */
  public Matches<Rule> matching(EventName name, Change change) {
    RuleIndex<Rule> index = indexes.get(name);
    return index == null ? Matches.none() : index.matching(change);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RuleSet that
        && version == that.version
        && byEventName.equals(that.byEventName);
  }

  @Override
  public int hashCode() {
    return Objects.hash(version, byEventName);
  }

  @Override
  public String toString() {
    return "RuleSet[version=" + version + ", byEventName=" + byEventName + "]";
  }
}
