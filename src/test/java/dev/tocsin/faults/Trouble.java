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
  /** What can happen. */
  enum Kind {
    /** SIGKILL, and a start after a while. */
    KILL,
    /** SIGKILL to every node, and starts after a while. */
    KILL_ALL,
    /** SIGSTOP, and SIGCONT after a while, which may be longer than leases. */
    PAUSE,
    /** The others are reached neither by membership nor by the event bus. */
    PARTITION,
    /** Every message on the event bus is lost. */
    BUS_LOST,
    /** Messages on the event bus are lost now and then: it is cut and mended in turn. */
    BUS_SHAKY,
    /** PostgreSQL is not reached. */
    DATABASE_LOST,
    /** SIGTERM, and a start with a clock that is ahead or behind. */
    CLOCK,
    /** SIGTERM, and a start. */
    RESTART
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
          Kind.CLOCK,
          Kind.RESTART);

  private static final int BETWEEN_MAX = 2_500;
  private static final int LASTS_MAX = 6_000;

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
      all.add(
          new Trouble(
              kind,
              random.nextInt(nodes),
              at,
              random.nextInt(kind == Kind.PAUSE ? LASTS_MAX : LASTS_MAX / 2)));
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
