package dev.tocsin.evaluate;

import dev.tocsin.event.EventName;
import java.util.List;
import java.util.Map;

/**
 * Everything that decides over an organization's events, as of one version.
 *
 * @param version grows with every change of a rule, a webhook or a link between them
 * @param byEventName the active rules, by the event name they listen to
 */
public record RuleSet(long version, Map<EventName, List<Rule>> byEventName) {
  public RuleSet {
    byEventName = Map.copyOf(byEventName);
  }

  /** The rules that an event of this name has to be shown to. */
  public List<Rule> listeningTo(EventName name) {
    return byEventName.getOrDefault(name, List.of());
  }
}
