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

  private static final long[] FIRST = {PERIOD, 4 * PERIOD};

  Stretches {
    floors = List.copyOf(floors);
    ceilings = List.copyOf(ceilings);
  }

  /** From the ids below one down to another, which is included. */
  static Stretches between(UUID lowest, UUID below) {
    List<UUID> floors = new ArrayList<>();
    List<UUID> ceilings = new ArrayList<>();
    Instant moment = new EventId(below).created();
    UUID ceiling = below;
    for (int i = 0; Rows.isLower(lowest, ceiling); i++) {
      moment = i < FIRST.length ? moment.minusMillis(FIRST[i]) : startOfDayBefore(moment);
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
