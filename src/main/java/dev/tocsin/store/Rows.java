package dev.tocsin.store;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.api.Audit;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Viewer;
import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the rows of several tables have in common: pages, events, times, and who changed them. */
final class Rows {
  /** Above every id there can be, since ids have their version in the middle. */
  private static final UUID ABOVE_ALL = EventId.ABOVE_ALL.value();

  /** Ids as PostgreSQL orders them: without a sign. */
  static final Comparator<UUID> ORDER =
      ((Comparator<UUID>)
              (one, other) ->
                  Long.compareUnsigned(
                      one.getMostSignificantBits(), other.getMostSignificantBits()))
          .thenComparing((one, other) ->
              Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits()));

  private Rows() {}

  /** What is hidden; null when nothing is, so that most readers pay nothing for it. */
  static String @Nullable [] hidden(Viewer viewer) {
    return hidden(viewer.hidden());
  }

  static String @Nullable [] hidden(HiddenEvents hidden) {
    Set<String> names = hidden.names();
    return names.isEmpty() ? null : names.toArray(String[]::new);
  }

  static Optional<Row> first(RowSet<Row> rows) {
    return rows.size() == 0 ? Optional.empty() : Optional.of(rows.iterator().next());
  }

  /** The id that those of a page are below. */
  static UUID below(PageRequest page) {
    return page.after() == null ? ABOVE_ALL : page.after();
  }

  /** The lower of two ids. */
  static UUID lower(UUID one, UUID other) {
    return isLower(other, one) ? other : one;
  }

  /** The higher of two ids. */
  static UUID higher(UUID one, UUID other) {
    return isLower(one, other) ? other : one;
  }

  /** Whether an id is lower than another, as PostgreSQL orders them: without a sign. */
  static boolean isLower(UUID id, UUID than) {
    return new EventId(id).isBefore(new EventId(than));
  }

  /** How many rows to ask for: one more than the page takes tells whether more follow. */
  static long limit(PageRequest page) {
    return page.size() + 1L;
  }

  static <T> Page<T> page(Iterable<Row> rows, PageRequest page, Function<Row, T> reader) {
    List<T> items = new ArrayList<>();
    for (Row row : rows) {
      if (items.size() == page.size()) {
        return new Page<>(items, true);
      }
      items.add(reader.apply(row));
    }
    return new Page<>(items, false);
  }

  /** Ids to filter by; null, which stands for any, when there are none. */
  static <I> UUID @Nullable [] anyOf(Collection<I> ids, Function<I, UUID> value) {
    return ids.isEmpty() ? null : ids.stream().map(value).toArray(UUID[]::new);
  }

  static Audit audit(Row row) {
    return new Audit(
        row.getLong("version"),
        row.getOffsetDateTime("dt_created").toInstant(),
        row.getOffsetDateTime("dt_last_modified").toInstant(),
        row.getString("created_by"),
        row.getString("last_modified_by"));
  }

  /**
   * An event.
   *
   * @param id the column of its id, which a row of several things calls by another name
   */
  static StoredEvent event(OrganizationId organization, String id, Row row) {
    OffsetDateTime actioned = row.getOffsetDateTime("dt_actioned");
    return new StoredEvent(
        organization,
        new EventId(row.getUUID(id)),
        new EventName(row.getString("event_name")),
        Category.of(row.getString("event_type")),
        row.getOffsetDateTime("event_time").toInstant(),
        row.getString("resource_id"),
        row.getString("account_id"),
        row.getString("new"),
        row.getString("old"),
        actioned == null ? null : actioned.toInstant());
  }

  /** Text as PostgreSQL can keep it: what others send may have the one character that it cannot. */
  static String storable(String text) {
    return text.replace('\0', '\ufffd');
  }

  static OffsetDateTime timestamp(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
