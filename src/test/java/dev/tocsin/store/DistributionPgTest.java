package dev.tocsin.store;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which tables, keys and statements a database that is distributed by organization would take
 * ({@code docs/scaling.md}). PostgreSQL's partitions by hash stand in for shards: like those they
 * take a unique key or a reference only if it has the organization, and the planner leaves out
 * those that a statement cannot need, as a router does.
 */
class DistributionPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final Statements STATEMENTS = Statements.load();
  private static final int SHARDS = 4;
  private static final String SEEKS =
      "seeks work of any organization; on each shard by itself, its answer is a part of the whole";
  private static final String GROUPS =
      "takes rows of several organizations; whoever calls it would group them by shard";
  private static final String KEEPS_HOUSE = "runs on each shard by itself";

  /** Statements that are not of one organization, and what a distributed database asks of them. */
  private static final Map<String, String> REASONS =
      Map.ofEntries(
          entry("accessKeyFind", "learns of the organization; its shard is asked next"),
          entry("integrationRunClaimDue", SEEKS),
          entry("integrationFailureClaim", SEEKS),
          entry("scheduledDueConfigurations", SEEKS),
          entry("scheduledDueSoon", SEEKS),
          entry("scheduledDueSoonNext", SEEKS),
          entry("scheduledArmingClaim", SEEKS),
          entry("organizationsErasing", SEEKS),
          entry("ledgerCommit", GROUPS),
          entry("entityStateRead", GROUPS),
          entry("catalogChanged", GROUPS),
          entry("integrationRunRecord", GROUPS),
          entry("integrationRunRelease", GROUPS),
          entry("integrationFailureTold", GROUPS),
          entry("scheduledDueClaim", GROUPS),
          entry("scheduledDueOverdue", GROUPS),
          entry("scheduledDueFired", GROUPS),
          entry("scheduledDueGiveBack", GROUPS),
          entry("learnedFieldsNote", GROUPS),
          entry("ruleDayAdd", GROUPS),
          entry("ruleSetLoad", GROUPS),
          entry("ruleSetDates", GROUPS),
          entry("webhooksDeclared", GROUPS),
          entry("organizationsErased", GROUPS),
          entry("organizationRetentions", KEEPS_HOUSE),
          entry("organizationRetentionsAfter", KEEPS_HOUSE),
          entry("integrationRunExpire", KEEPS_HOUSE),
          entry("partitionsExpired", KEEPS_HOUSE),
          entry("ruleDayExpire", KEEPS_HOUSE),
          entry("eventEraBegin", KEEPS_HOUSE));

  private static final String ITS_OWN = "is called for one organization, on its shard";

  /** Functions with statements of their own, and where they would be called. */
  private static final Map<String, String> FUNCTIONS =
      Map.ofEntries(
          entry("rule_set_change", ITS_OWN),
          entry("catalog_change", ITS_OWN),
          entry("custom_entities_hold", ITS_OWN),
          entry("custom_entity_create", ITS_OWN),
          entry("organization_erase", ITS_OWN),
          entry("organization_declare", ITS_OWN),
          entry("callers_declare", ITS_OWN),
          entry("webhooks_declare", ITS_OWN),
          entry("rules_declare", ITS_OWN),
          entry("links_declare", ITS_OWN),
          entry("scheduled_events_declare", ITS_OWN),
          entry("custom_entities_declare", ITS_OWN),
          entry("scheduled_arming_begin", ITS_OWN),
          entry("event_about_others_is_hidden", ITS_OWN),
          entry("declaration_conflicts", GROUPS + "; access keys are looked for everywhere"),
          entry("organizations_declare", GROUPS),
          entry("scheduled_due_arm", GROUPS),
          entry("scheduled_due_agenda", GROUPS),
          entry(
              "event_page_by_keys", "keeps the planner from the organization: only on its shard"));

  private static final Pattern TABLE =
      Pattern.compile("(?ms)^create table (\\w+) \\((.*?)^\\)([^;]*);");
  private static final Pattern RELATION = Pattern.compile("\"Relation Name\": \"(\\w+)_(\\d)\"");

  @BeforeAll
  static void distribute() throws IOException {
    StringBuilder schema = new StringBuilder();
    Matcher table = TABLE.matcher(migration());
    while (table.find()) {
      table.appendReplacement(schema, "");
      schema.append(distributed(table.group(1), table.group(2), table.group(0)));
    }
    table.appendTail(schema);
    String name = postgres.address().schema();
    postgres.execute("drop schema " + name + " cascade");
    postgres.execute("create schema " + name);
    postgres.execute(schema.toString());
  }

  private static String migration() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(Path.of("src/main/resources/db/migration"))) {
      files = all.sorted().toList();
    }
    StringBuilder sql = new StringBuilder();
    for (Path file : files) {
      sql.append(Files.readString(file)).append('\n');
    }
    return sql.toString();
  }

  private static String distributed(String name, String columns, String plain) {
    String key = name.equals("organization") ? "id" : "organization_id";
    if (!columns.contains(key) || name.equals("access_key")) {
      return plain;
    }
    StringBuilder made =
        new StringBuilder(
            "create table %s (%s) partition by hash (%s);\n".formatted(name, columns, key));
    for (int shard = 0; shard < SHARDS; shard++) {
      made.append(
          "create table %1$s_%2$d partition of %1$s for values with (modulus %3$d, remainder %2$d);\n"
              .formatted(name, shard, SHARDS));
    }
    return made.toString();
  }

  static Iterable<String> statements() {
    return STATEMENTS.names();
  }

  @ParameterizedTest
  @MethodSource("statements")
  void a_statement_needs_one_shard_or_has_a_reason(String name) throws SQLException {
    Map<String, Set<String>> shards = spread(name);
    if (!REASONS.containsKey(name)) {
      assertThat(shards.keySet()).as("shards, with %s", shards).hasSizeLessThanOrEqualTo(1);
    } else {
      assertThat(shards.keySet()).as("the reason is none").hasSizeGreaterThan(1);
    }
  }

  @Test
  void every_reason_is_a_statements() {
    assertThat(STATEMENTS.names()).containsAll(REASONS.keySet());
  }

  /** Keys and references were taken as they are: making the shards would have failed. */
  @Test
  void every_table_is_distributed_but_those_that_are_no_organizations() {
    assertThat(
            postgres.texts(
                "select relname from pg_class where relkind = 'r' and not relispartition"
                    + " and relnamespace = current_schema()::regnamespace order by relname"))
        .containsExactly("access_key", "event_era", "server_key");
    assertThat(
            postgres.texts(
                "select count(*) from pg_constraint where contype = 'f' and not exists ("
                    + "select from pg_attribute a where a.attrelid = conrelid"
                    + " and a.attnum = any (conkey) and a.attname = 'organization_id')"))
        .as("references without the organization")
        .containsExactly("0");
  }

  /**
   * What a plan does not show: the tables that functions read and write by statements of their own.
   * A new one fails here until it is said where it has to be called.
   */
  @Test
  void every_function_with_statements_of_its_own_is_called_on_a_known_shard() {
    assertThat(
            postgres.texts(
                """
                select proname from pg_proc p join pg_language l on l.oid = p.prolang
                where pronamespace = current_schema()::regnamespace and prosrc ~ '\\m(from|into|update)\\M'
                  and lanname in ('plpgsql', 'sql')
                  and exists (select from pg_class c
                    where c.relnamespace = p.pronamespace and c.relkind in ('r', 'p')
                      and prosrc ~ ('\\m(from|into|update|join)\\s+' || c.relname || '\\M'))
                """))
        .containsExactlyInAnyOrderElementsOf(FUNCTIONS.keySet());
  }

  /** The shards that a statement would ask, and of which tables. */
  private static Map<String, Set<String>> spread(String statement) throws SQLException {
    Map<String, Set<String>> shards = new TreeMap<>();
    try (Connection connection = postgres.connect();
        Statement session = connection.createStatement()) {
      session.execute("set plan_cache_mode = force_custom_plan");
      session.execute("prepare asked as " + STATEMENTS.sql(statement));
      try (ResultSet plan =
          session.executeQuery("explain (format json) execute asked" + samples(connection))) {
        assertThat(plan.next()).isTrue();
        Matcher relation = RELATION.matcher(plan.getString(1));
        while (relation.find()) {
          shards
              .computeIfAbsent(relation.group(2), shard -> new TreeSet<>())
              .add(relation.group(1));
        }
      }
    }
    return shards;
  }

  private static String samples(Connection connection) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement session = connection.createStatement();
        ResultSet types =
            session.executeQuery(
                "select unnest(parameter_types)::text from pg_prepared_statements"
                    + " where name = 'asked'")) {
      while (types.next()) {
        String type = types.getString(1);
        values.add(type.endsWith("[]") ? several(type) : one(type, values.size()));
      }
    }
    return values.isEmpty() ? "" : "(" + String.join(", ", values) + ")";
  }

  /** Another each time: what is taken for the organization by mistake would be another shard. */
  private static String one(String type, int position) {
    return switch (type) {
      case "uuid" -> "'" + new UUID(0x7000, position) + "'::uuid";
      case "boolean" -> "true";
      case "json", "jsonb" -> "'{}'::" + type;
      case "timestamp with time zone", "date" -> "'2026-11-23'::" + type;
      default -> "'1'::" + type; // A number in a text, and JSON.
    };
  }

  /** Two of everything, so that organizations are of several shards. */
  private static String several(String type) {
    String of = type.replace("[]", "");
    List<String> two =
        of.equals("uuid")
            ? postgres.texts(
                "select quote_literal(min(id::text)) from (select id, "
                    + "satisfies_hash_partition('organization'::regclass, 4, 0, id) as is_first"
                    + " from (select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid as id"
                    + " from generate_series(1, 100) n) ids) of_shards group by is_first")
            : List.of(one(of, 1), one(of, 2));
    return "array[" + String.join(", ", two) + "]::" + type;
  }
}
