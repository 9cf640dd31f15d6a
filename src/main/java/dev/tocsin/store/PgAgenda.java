package dev.tocsin.store;

import dev.tocsin.event.OrganizationId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a node knows of scheduled event configurations up to what PostgreSQL has: {@code
 * sql/scheduled_due.sql}.
 *
 * <p>A survey asks all of them when they are due next, every few minutes. What is armed after a
 * configuration was asked is not in its answer; if it is due as long as that is believed, it is due
 * within two days of being armed, and found by the index of what is. So nothing is missed, whoever
 * arms it, unless a commit takes as long as the difference between the two. What is brought from an
 * earlier arming under the present one is not armed anew: but it was in the answer if that was
 * given before its arming ended, and if it was given since, the walk that brings it was under way,
 * which counts as something owed, or over.
 *
 * <p>Not for several threads at once.
 */
final class PgAgenda {
  /** How long a survey is believed; the index of what is soon due has twice as much. */
  private static final Duration BELIEVED = Duration.ofHours(24);

  private static final Duration SURVEY_EVERY = Duration.ofMinutes(5);

  /** When more is soon due than a look reads, which then may hide others. */
  private static final Duration SURVEY_CROWDED_EVERY = Duration.ofSeconds(1);

  /** How many looks' worth of configurations are asked twice a second how long they have waited. */
  private static final int OVERDUE_PAGES = 10;

  private static final ConfigurationKey BEFORE_ALL =
      new ConfigurationKey(new OrganizationId(new UUID(0, 0)), new UUID(0, 0));

  private final Database database;
  private final int pageMax;
  private final Agenda agenda = new Agenda();
  private Collection<ConfigurationKey> visited = List.of();
  private Instant looked = Instant.MIN;
  private @Nullable Instant surveyed;
  private @Nullable Instant surveyBegan;
  private @Nullable ConfigurationKey surveyAfter;
  private boolean isCrowded;

  /**
   * Knows nothing yet.
   *
   * @param pageMax how many configurations, or appointments, one look goes over
   */
  PgAgenda(Database database, int pageMax) {
    this.database = database;
    this.pageMax = pageMax;
  }

  /** Learns what is owed at a moment. */
  void look(Instant now) {
    looked = now;
    agenda.advance(now);
    askVisited();
    readSoon(now);
    survey(now);
  }

  /** Whether nothing that is due by the look's moment is hidden from it. */
  boolean isThrough() {
    return !isCrowded || surveyAfter == null;
  }

  /** As many as a look goes over: {@link Agenda#owed}. */
  Agenda.Owed owed(@Nullable OrganizationId after, Set<OrganizationId> except) {
    return agenda.owed(after, except, pageMax);
  }

  /** The first of all that owe something, to be asked how long. */
  List<ConfigurationKey> overdue() {
    return agenda.owed(null, Set.of(), OVERDUE_PAGES * pageMax).keys();
  }

  /**
   * Has these asked anew what they have: what they owed has been tried to be taken. That is done
   * with what is wanted next, so that nothing taken is lost if it fails.
   */
  void visited(Collection<ConfigurationKey> keys) {
    visited = keys;
  }

  /** When the next is due after a moment; null when there is none within a day. */
  @Nullable Instant nextDue(Instant after) {
    askVisited();
    Instant known = agenda.nextDue(after);
    Instant soon =
        Rows.first(database.run("scheduledDueSoonNext", Tuple.of(Rows.timestamp(after))))
            .map(row -> row.getOffsetDateTime("due_at").toInstant())
            .orElse(null);
    return known == null || (soon != null && soon.isBefore(known)) ? soon : known;
  }

  /** Organizations and configurations, an array of each. */
  static Tuple parameters(Collection<ConfigurationKey> keys) {
    return Tuple.tuple()
        .addValue(keys.stream().map(key -> key.organization().value()).toArray(UUID[]::new))
        .addValue(keys.stream().map(ConfigurationKey::configuration).toArray(UUID[]::new));
  }

  private void askVisited() {
    if (!visited.isEmpty()) {
      ask(visited, looked);
      visited = List.of();
    }
  }

  private void ask(Collection<ConfigurationKey> keys, Instant now) {
    Tuple parameters = parameters(keys).addValue(Rows.timestamp(now));
    for (Row row : database.run("scheduledDueAgenda", parameters)) {
      OffsetDateTime next = row.getOffsetDateTime("next_due");
      Instant due = next == null ? null : next.toInstant();
      boolean isNear = due != null && !due.isAfter(now.plus(BELIEVED));
      agenda.put(key(row), row.getBoolean("is_owed"), isNear ? due : null);
    }
  }

  private static ConfigurationKey key(Row row) {
    return new ConfigurationKey(
        new OrganizationId(row.getUUID("organization_id")), row.getUUID("configuration_id"));
  }

  /**
   * A page with each look, so that none takes long; but to the end when what is known is not of
   * now: at first, and when the clock was set. (By a moment it may be set back at any time, as each
   * node goes by the database's clock as it last heard it.)
   */
  private void survey(Instant now) {
    Duration every = isCrowded ? SURVEY_CROWDED_EVERY : SURVEY_EVERY;
    if (!isYounger(surveyBegan, surveyAfter == null ? every : BELIEVED, now)) {
      surveyBegan = now;
      surveyAfter = BEFORE_ALL;
    }
    do {
      surveyPage(now);
    } while (surveyAfter != null && !isYounger(surveyed, BELIEVED, now));
  }

  private static boolean isYounger(@Nullable Instant began, Duration age, Instant now) {
    return began != null && !began.isAfter(now.plus(SURVEY_EVERY)) && began.isAfter(now.minus(age));
  }

  private void surveyPage(Instant now) {
    if (surveyAfter == null) {
      return;
    }
    Tuple parameters =
        Tuple.of(surveyAfter.organization().value(), surveyAfter.configuration(), pageMax);
    List<ConfigurationKey> keys = new ArrayList<>();
    for (Row row : database.run("scheduledDueConfigurations", parameters)) {
      keys.add(key(row));
    }
    if (!keys.isEmpty()) {
      ask(keys, now);
    }
    if (keys.size() < pageMax) {
      surveyed = surveyBegan;
      surveyAfter = null;
    } else {
      surveyAfter = keys.getLast();
    }
  }

  private void readSoon(Instant now) {
    int read = 0;
    for (Row row : database.run("scheduledDueSoon", Tuple.of(Rows.timestamp(now), pageMax))) {
      agenda.owe(key(row));
      read += row.getInteger("appointments");
    }
    isCrowded = read == pageMax;
  }
}
