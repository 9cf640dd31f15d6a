package dev.tocsin.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SQL statements by name. A file {@code sql/<table>.sql} holds those of a table, each after a
 * line {@code -- name: <name>}; names are unique over all files.
 */
public final class Statements {
  /** Every file there is. */
  private static final List<String> FILES =
      List.of(
          "access_key",
          "catalog",
          "custom_entity",
          "entity_state",
          "event",
          "event_tail",
          "integration_configuration",
          "integration_failure",
          "integration_run",
          "integration_run_list",
          "learned_field",
          "ledger",
          "notification_configuration",
          "organization",
          "partition",
          "permission_policy",
          "rule_day",
          "rule_set",
          "scheduled_arming",
          "scheduled_due",
          "scheduled_due_list",
          "scheduled_event_configuration",
          "server_key",
          "service_user",
          "webhook");

  /** A name line, and everything up to the next one or the end. */
  private static final Pattern NAMED =
      Pattern.compile("(?ms)^-- name: (\\w+)\\n(.*?)(?=^-- name: |\\z)");

  private final Map<String, String> sql;

  private Statements(Map<String, String> sql) {
    this.sql = Map.copyOf(sql);
  }

  /** Reads every file. */
  public static Statements load() {
    Map<String, String> sql = new LinkedHashMap<>();
    FILES.forEach(file -> read("/sql/" + file + ".sql", sql));
    return new Statements(sql);
  }

  private static void read(String file, Map<String, String> into) {
    Matcher named = NAMED.matcher(text(file));
    while (named.find()) {
      if (into.put(named.group(1), named.group(2).strip()) != null) {
        throw new IllegalStateException("two statements are named " + named.group(1));
      }
    }
  }

  private static String text(String file) {
    try (InputStream in = Statements.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("there is no " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of all statements. */
  public Set<String> names() {
    return sql.keySet();
  }

  /** The text of a statement, which the caller knows to exist. */
  public String sql(String name) {
    String text = sql.get(name);
    if (text == null) {
      throw new IllegalStateException("no statement is named " + name);
    }
    return text;
  }
}
