package dev.tocsin.store;

import dev.tocsin.event.EventId;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * For how long this server keeps events. Statements over all organizations take the moment and the
 * days, and go by what each organization has itself ({@code event_horizon}).
 *
 * @param clock the database's
 * @param days of 24 hours each
 */
public record Retention(InstantSource clock, int days) {
  public Retention {
    Objects.requireNonNull(clock);
    if (days < 1) {
      throw new IllegalArgumentException("events are kept for a day at least, not " + days);
    }
  }

  /** Adds the moment and the days to a statement's parameters. */
  Tuple addTo(Tuple parameters) {
    return parameters.addValue(Rows.timestamp(now())).addValue(days);
  }

  /** The smallest id that is still there at this moment, of what is kept for so many days. */
  EventId horizon(int kept) {
    return EventId.floor(now().minus(Duration.ofDays(kept)));
  }

  /** In milliseconds, as ids are: an event is there for its whole last millisecond. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
