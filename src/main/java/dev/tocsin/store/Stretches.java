package dev.tocsin.store;

import dev.tocsin.event.EventId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The stretches of time in which events are looked for by a key, the newest first. Short ones
 * first, since what is not so rare soon fills a page; then days, each of which is a partition.
 *
 * @param floors the lowest id of each
 * @param ceilings what the ids of each are below
 */
record Stretches(List<UUID> floors, List<UUID> ceilings) {
  /** What keys are of, in milliseconds: {@code event_period}. */
  private static final long PERIOD = 1L << 22;

  /** How long the first are, for keys of a period, and for keys of four. */
  private static final long[] FINE = {PERIOD, 4 * PERIOD};

  private static final long[] COARSE = {4 * PERIOD};

  Stretches {
    floors = List.copyOf(floors);
    ceilings = List.copyOf(ceilings);
  }

  /**
   * From the ids below one down to another, which is included.
   *
   * @param coarse whether the keys are of four periods
   */
  static Stretches between(UUID lowest, UUID below, boolean coarse) {
    long[] first = coarse ? COARSE : FINE;
    List<UUID> floors = new ArrayList<>();
    List<UUID> ceilings = new ArrayList<>();
    Instant moment = new EventId(below).created();
    UUID ceiling = below;
    for (int i = 0; Rows.isLower(lowest, ceiling); i++) {
      moment = i < first.length ? moment.minusMillis(first[i]) : startOfDayBefore(moment);
      UUID floor = Rows.higher(lowest, EventId.floor(moment).value());
      floors.add(floor);
      ceilings.add(ceiling);
      ceiling = floor;
    }
    return new Stretches(floors, ceilings);
  }

  private static Instant startOfDayBefore(Instant moment) {
    return moment.minusMillis(1).atOffset(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).toInstant();
  }
}
