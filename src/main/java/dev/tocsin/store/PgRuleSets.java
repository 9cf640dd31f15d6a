package dev.tocsin.store;

import dev.tocsin.evaluate.RuleSet;
import dev.tocsin.evaluate.RuleSet.Listening;
import dev.tocsin.evaluate.RuleSetChanges;
import dev.tocsin.evaluate.RuleSets;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.CalculationParser;
import dev.tocsin.rule.Calculations;
import dev.tocsin.rule.RuleId;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Rule sets in PostgreSQL, made ready to be asked.
 *
 * <p>What cannot be made ready, such as a calculation that is beyond the limits it is read with now
 * or credentials that do not open, is left out, logged and counted; everything else of the
 * organization goes on.
 */
public final class PgRuleSets implements RuleSets {
  private final Database database;
  private final CredentialsSeal seal;
  private final CalculationParser calculations;
  private final MeterRegistry meters;

  /**
   * Rule sets over a pool with the session settings of {@link PgLedger#SESSION}.
   *
   * @param meters counts {@code tocsin.rules.unusable} and {@code tocsin.targets.unusable}, each
   *     time one is met in a load
   */
  public PgRuleSets(
      Database database,
      CredentialsSeal seal,
      CalculationParser calculations,
      MeterRegistry meters) {
    this.database = database;
    this.seal = seal;
    this.calculations = calculations;
    this.meters = meters;
  }

  /** Likewise, with calculations that are never compiled. */
  public PgRuleSets(
      Database database, CredentialsSeal seal, CalculationLimits limits, MeterRegistry meters) {
    this(database, seal, text -> Calculations.parse(text, limits), meters);
  }

  @Override
  public Map<OrganizationId, RuleSet> load(Collection<OrganizationId> organizations) {
    UUID[] ids = organizations.stream().map(OrganizationId::value).toArray(UUID[]::new);
    RowSet<Row> rows = LedgerFailures.translate(() -> database.run("ruleSetLoad", Tuple.of(ids)));
    Map<OrganizationId, RuleSetReader> readers = new LinkedHashMap<>();
    for (Row row : rows) {
      readers
          .computeIfAbsent(
              new OrganizationId(row.getUUID("organization_id")),
              id -> new RuleSetReader(id, row.getLong("rule_set_version"), seal, calculations))
          .add(row);
    }
    Map<OrganizationId, RuleSet> loaded = new HashMap<>();
    readers.forEach((organization, reader) -> loaded.put(organization, reader.ruleSet(meters)));
    return loaded;
  }

  @Override
  public Optional<RuleSetChanges> changesSince(OrganizationId organization, long version) {
    RowSet<Row> rows =
        LedgerFailures.translate(
            () -> database.run("ruleSetChanges", Tuple.of(organization.value(), version)));
    Row first = rows.iterator().hasNext() ? rows.iterator().next() : null;
    if (first == null) {
      return Optional.empty();
    }
    long current = first.getLong("rule_set_version");
    boolean allNoted = first.getLong("noted") == current - version;
    if (!allNoted) {
      return Optional.empty();
    }
    RuleSetReader reader = new RuleSetReader(organization, current, seal, calculations);
    Set<RuleId> gone = new HashSet<>();
    for (Row row : rows) {
      if (row.getUUID("touched_id") != null) {
        gone.add(new RuleId(row.getUUID("touched_id")));
      }
      reader.add(row);
    }
    List<Listening> rules = reader.rules(meters);
    rules.forEach(listening -> gone.remove(listening.rule().id()));
    return Optional.of(new RuleSetChanges(version, current, gone, rules));
  }
}
