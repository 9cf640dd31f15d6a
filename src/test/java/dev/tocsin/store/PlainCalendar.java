package dev.tocsin.store;

import java.time.Instant;
import java.time.ZoneId;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * When something is due, by counting seconds: of zones it only knows how far they are from UTC at a
 * moment.
 */
final class PlainCalendar {
  private static final long DAY = 86_400;
  private static final long QUARTER = 900;

  /** Further than any zone is from UTC, and less than lies between two changes of one. */
  private static final long AROUND = 26 * 3_600;

  private static final long FIRST = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
  private static final long END = Instant.parse("+10000-01-01T00:00:00Z").getEpochSecond();

  private PlainCalendar() {}

  /**
   * What a field holds.
   *
   * @param day a date alone, in days since 1970; null for anything else
   * @param moment a date and time; null for anything else
   */
  record Value(String text, @Nullable Long day, @Nullable Instant moment) {}

  /** When it is due so many days later; null when never. */
  static @Nullable Instant due(Value value, int offset, ZoneId zone) {
    Long day = value.day();
    Instant moment = value.moment();
    if (day != null) {
      return within(startOf((day + offset) * DAY, zone), 0);
    }
    if (moment == null || within(moment.getEpochSecond(), 0) == null) {
      return null;
    }
    long ahead = ahead(moment.getEpochSecond(), zone);
    long local = moment.getEpochSecond() + ahead + offset * DAY;
    SortedMap<Long, Long> candidates = candidates(local, zone);
    long at;
    if (candidates.isEmpty()) {
      at = local - ahead(local - AROUND, zone);
    } else if (candidates.containsValue(ahead)) {
      at = local - ahead;
    } else {
      at = candidates.firstKey();
    }
    return within(at, moment.getNano() / 1_000 * 1_000);
  }

  private static @Nullable Instant within(long second, int nano) {
    return second < FIRST || second >= END ? null : Instant.ofEpochSecond(second, nano);
  }

  private static long ahead(long second, ZoneId zone) {
    return zone.getRules().getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
  }

  /** The moments at which clocks show a time, with how far they are ahead then. */
  private static SortedMap<Long, Long> candidates(long local, ZoneId zone) {
    SortedMap<Long, Long> candidates = new TreeMap<>();
    for (long around : new long[] {local - AROUND, local + AROUND}) {
      long ahead = ahead(around, zone);
      if (ahead(local - ahead, zone) == ahead) {
        candidates.put(local - ahead, ahead);
      }
    }
    return candidates;
  }

  /** The first moment at which clocks show midnight, or more where they skip it. */
  private static long startOf(long midnight, ZoneId zone) {
    SortedMap<Long, Long> candidates = candidates(midnight, zone);
    if (!candidates.isEmpty()) {
      return candidates.firstKey();
    }
    long second = midnight - AROUND;
    while (second + ahead(second, zone) < midnight) {
      second += QUARTER;
    }
    return second;
  }
}
