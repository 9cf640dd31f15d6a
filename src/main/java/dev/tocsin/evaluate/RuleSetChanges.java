package dev.tocsin.evaluate;

import dev.tocsin.catalog.ScheduledDates;
import dev.tocsin.evaluate.RuleSet.Listening;
import dev.tocsin.rule.RuleId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of an organization's rules between two versions, as of one snapshot.
 *
 * @param since the version that is followed from
 * @param version the version that is followed to
 * @param gone rules that are not active any more, or never were
 * @param rules every other rule that was touched, as it is now
 * @param dates all that scheduled events wait for; null when none of it was touched
 */
public record RuleSetChanges(
    long since,
    long version,
    Set<RuleId> gone,
    List<Listening> rules,
    @Nullable ScheduledDates dates) {
  public RuleSetChanges {
    gone = Set.copyOf(gone);
    rules = List.copyOf(rules);
    if (version < since) {
      throw new IllegalArgumentException("version " + version + " came before " + since);
    }
  }

  /** Changes of rules alone. */
  public RuleSetChanges(long since, long version, Set<RuleId> gone, List<Listening> rules) {
    this(since, version, gone, rules, null);
  }
}
