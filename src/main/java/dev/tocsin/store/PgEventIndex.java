package dev.tocsin.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.sqlclient.Tuple;

/**
 * The index that lists with filters go by. Commits append what their events are found by, and here
 * it is merged; until then it is found all the same, at the cost of reading what was appended.
 */
public final class PgEventIndex {
  private final Database database;
  private final Counter merged;

  /** The index of the schema that the pool is connected to. */
  public PgEventIndex(Database database, MeterRegistry meters) {
    this.database = database;
    this.merged = meters.counter("tocsin.events.index.merged.pages");
  }

  /** Merges what was appended since; how many pages (of 8 KiB) it had filled. */
  public long merge() {
    long pages = database.run("eventIndexMerge", Tuple.tuple()).iterator().next().getLong(0);
    merged.increment((double) pages);
    return pages;
  }
}
