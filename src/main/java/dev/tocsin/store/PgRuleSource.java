package dev.tocsin.store;

import dev.tocsin.catalog.ScheduledDate;
import dev.tocsin.catalog.ScheduledDates;
import dev.tocsin.evaluate.RuleSet;
import dev.tocsin.evaluate.RuleSet.Listening;
import dev.tocsin.evaluate.RuleSetChanges;
import dev.tocsin.evaluate.RuleSource;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.CalculationParser;
import dev.tocsin.rule.RuleId;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads rule sets with the statements of a session, or with a transaction for each. */
final class PgRuleSource implements RuleSource {
  private final Database.Session session;
  private final CredentialsSeal seal;
  private final CalculationParser calculations;
  private final MeterRegistry meters;

  PgRuleSource(
      Database.Session session,
      CredentialsSeal seal,
      CalculationParser calculations,
      MeterRegistry meters) {
    this.session = session;
    this.seal = seal;
    this.calculations = calculations;
    this.meters = meters;
  }

  @Override
  public Map<OrganizationId, RuleSet> load(Collection<OrganizationId> organizations) {
    UUID[] ids = organizations.stream().map(OrganizationId::value).toArray(UUID[]::new);
    RowSet<Row> rows = LedgerFailures.translate(() -> session.run("ruleSetLoad", Tuple.of(ids)));
    Map<OrganizationId, RuleSetReader> readers = new LinkedHashMap<>();
    for (Row row : rows) {
      readers
          .computeIfAbsent(
              new OrganizationId(row.getUUID("organization_id")),
              id -> new RuleSetReader(id, row.getLong("rule_set_version"), seal, calculations))
          .add(row);
    }
    Map<OrganizationId, ScheduledDates> dates = dates(ids);
    Map<OrganizationId, RuleSet> loaded = new HashMap<>();
    readers.forEach((organization, reader) ->
        loaded.put(
            organization,
            reader.ruleSet(meters, dates.getOrDefault(organization, ScheduledDates.NONE))));
    return loaded;
  }

  private Map<OrganizationId, ScheduledDates> dates(UUID... organizations) {
    Map<OrganizationId, List<ScheduledDate>> dates = new HashMap<>();
    Map<OrganizationId, ZoneId> zones = new HashMap<>();
    Tuple parameters = Tuple.tuple().addValue(organizations);
    for (Row row : LedgerFailures.translate(() -> session.run("ruleSetDates", parameters))) {
      OrganizationId organization = new OrganizationId(row.getUUID("organization_id"));
      zones.put(organization, ZoneId.of(row.getString("time_zone")));
      if (row.getUUID("id") != null) {
        dates.computeIfAbsent(organization, none -> new ArrayList<>()).add(date(row));
      }
    }
    Map<OrganizationId, ScheduledDates> read = new HashMap<>();
    zones.forEach((organization, zone) ->
        read.put(
            organization, new ScheduledDates(zone, dates.getOrDefault(organization, List.of()))));
    return read;
  }

  private static ScheduledDate date(Row row) {
    return new ScheduledDate(
        row.getUUID("id"),
        row.getLong("arming"),
        row.getString("entity"),
        row.getString("field"),
        row.getInteger("offset_days"));
  }

  @Override
  public Optional<RuleSetChanges> changesSince(OrganizationId organization, long version) {
    RowSet<Row> rows =
        LedgerFailures.translate(
            () -> session.run("ruleSetChanges", Tuple.of(organization.value(), version)));
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
    ScheduledDates dates =
        Boolean.TRUE.equals(first.getBoolean("dates"))
            ? dates(organization.value()).get(organization)
            : null;
    return Optional.of(new RuleSetChanges(version, current, gone, rules, dates));
  }
}
