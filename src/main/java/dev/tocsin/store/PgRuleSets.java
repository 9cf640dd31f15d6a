package dev.tocsin.store;

import dev.tocsin.evaluate.RuleSet;
import dev.tocsin.evaluate.RuleSetChanges;
import dev.tocsin.evaluate.RuleSets;
import dev.tocsin.evaluate.RuleSource;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.CalculationParser;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

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

  @Override
  public Map<OrganizationId, RuleSet> load(Collection<OrganizationId> organizations) {
    return source(database::run).load(organizations);
  }

  @Override
  public Optional<RuleSetChanges> changesSince(OrganizationId organization, long version) {
    return source(database::run).changesSince(organization, version);
  }

  /** In one transaction, which has the gate of the organization's stripe, as a commit has it. */
  @Override
  public void hold(OrganizationId organization, Consumer<RuleSource> work) {
    Tuple stripe = Tuple.of(RuleSetLock.stripe(organization));
    LedgerFailures.translate(() ->
        database.inTransaction(session -> {
          RowSet<Row> gate = session.run("ruleSetHold", stripe);
          work.accept(source(session));
          return gate;
        }));
  }

  private PgRuleSource source(Database.Session session) {
    return new PgRuleSource(session, seal, calculations, meters);
  }
}
