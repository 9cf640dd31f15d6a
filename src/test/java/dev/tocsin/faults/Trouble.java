package dev.tocsin.faults;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Something that happens to a node.
 *
 * @param node which; of {@link Kind#KILL_ALL} it is only the first
 * @param at milliseconds after the beginning
 * @param lasts for so many milliseconds
 */
record Trouble(Kind kind, int node, int at, int lasts) {
  /** What can happen. Of some, half last longer than what they stand in the way of may take. */
  enum Kind {
    /** SIGKILL, and a start after a while. */
    KILL,
    /** SIGKILL to every node, and starts after a while. */
    KILL_ALL,
    /** SIGSTOP, and SIGCONT after a while: longer than leases of deliveries. */
    PAUSE(5_000, 9_000),
    /**
     * The others are reached neither by membership nor by the event bus: so long that members are
     * lost, and up to three times as long.
     */
    PARTITION(3_000, 9_000),
    /** Every message on the event bus is lost. */
    BUS_LOST,
    /** Messages on the event bus are lost now and then: it is cut and mended in turn. */
    BUS_SHAKY,
    /** PostgreSQL is not reached, and connections to it end. */
    DATABASE_LOST,
    /**
     * What is said to PostgreSQL, and what it says, comes when this is over, and no connection ends
     * by it: longer than statements may take.
     */
    DATABASE_SILENT(5_000, 8_000),
    /** SIGTERM, and a start with a clock that is ahead or behind. */
    CLOCK,
    /** SIGTERM, and a start. */
    RESTART;

    private static final int SHORT_MAX = 3_000;

    private final int longMin;
    private final int longMax;

    Kind() {
      this(0, SHORT_MAX);
    }

    Kind(int longMin, int longMax) {
      this.longMin = longMin;
      this.longMax = longMax;
    }

    private int lasts(Random random) {
      return random.nextBoolean() ? random.nextInt(longMin, longMax) : random.nextInt(SHORT_MAX);
    }
  }

  /** By which clocks may be moved, in seconds. */
  static final List<Integer> SKEWS = List.of(-60, -5, -1, 1, 5, 60);

  /** Each as likely as it often stands there. */
  private static final List<Kind> MIX =
      List.of(
          Kind.KILL,
          Kind.KILL,
          Kind.KILL,
          Kind.KILL_ALL,
          Kind.PAUSE,
          Kind.PAUSE,
          Kind.PAUSE,
          Kind.PARTITION,
          Kind.PARTITION,
          Kind.PARTITION,
          Kind.BUS_LOST,
          Kind.BUS_SHAKY,
          Kind.DATABASE_LOST,
          Kind.DATABASE_SILENT,
          Kind.DATABASE_SILENT,
          Kind.CLOCK,
          Kind.RESTART);

  private static final int BETWEEN_MAX = 2_500;

  /** So long before the end nothing begins, and what began has mostly ended. */
  private static final int LAST_BEFORE_END = 2_000;

  /**
   * What happens in a campaign: a seed is a schedule. What comes to a node while it still has
   * trouble waits for its turn.
   */
  static List<Trouble> schedule(long seed, int nodes, int millis) {
    Random random = new Random(seed);
    List<Trouble> all = new ArrayList<>();
    for (int at = random.nextInt(BETWEEN_MAX);
        at < millis - LAST_BEFORE_END;
        at += 200 + random.nextInt(BETWEEN_MAX)) {
      Kind kind = MIX.get(random.nextInt(MIX.size()));
      all.add(new Trouble(kind, random.nextInt(nodes), at, kind.lasts(random)));
    }
    all.sort(Comparator.comparingInt(Trouble::at));
    return all;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.1f s %s%s for %.1f s",
        at / 1e3,
        kind,
        kind == Kind.KILL_ALL ? "" : " node " + node,
        lasts / 1e3);
  }
}
