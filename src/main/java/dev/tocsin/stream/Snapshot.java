package dev.tocsin.stream;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which transactions were over at a moment.
 *
 * @param below all with lower numbers were
 * @param from none with this or a higher number was
 * @param underWay those in between that were not
 */
public record Snapshot(long below, long from, Set<Long> underWay) {
  public Snapshot {
    underWay = Set.copyOf(underWay);
  }

  /** A snapshot as PostgreSQL writes it: {@code xmin:xmax:xip,xip…}. */
  public static Snapshot parse(String text) {
    String[] parts = text.split(":", -1);
    return new Snapshot(
        Long.parseLong(parts[0]),
        Long.parseLong(parts[1]),
        Arrays.stream(parts[2].split(","))
            .filter(number -> !number.isEmpty())
            .map(Long::valueOf)
            .collect(Collectors.toSet()));
  }

  /** Whether what a transaction stored was there already. */
  boolean includes(long transaction) {
    return transaction < below || (transaction < from && !underWay.contains(transaction));
  }
}
