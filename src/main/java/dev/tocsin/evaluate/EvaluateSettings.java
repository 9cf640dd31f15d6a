package dev.tocsin.evaluate;

import java.time.Duration;
import java.util.Objects;

/**
 * The limits of one instance of evaluate.
 *
 * @param commitEventsMax most events in one commit
 * @param commitBytesMax most bytes of payload in one commit; a single larger event still goes alone
 * @param commitsMax most commits under way at once
 * @param commitBesideFrom how many events must wait before a commit begins beside another
 * @param actorsMax most organizations whose rules are kept in memory while they have no events
 * @param countsMax most rules and days of which an instance holds counts that are not written yet
 * @param countsBatch most of these that are written at once
 * @param unavailablePause how long to wait before trying again when the store cannot be reached
 */
public record EvaluateSettings(
    int commitEventsMax,
    int commitBytesMax,
    int commitsMax,
    int commitBesideFrom,
    int actorsMax,
    int countsMax,
    int countsBatch,
    Duration unavailablePause) {
  public EvaluateSettings {
    Objects.requireNonNull(unavailablePause);
    if (commitEventsMax < 1
        || commitBytesMax < 1
        || actorsMax < 1
        || commitsMax < 1
        || commitBesideFrom < 1
        || countsMax < 1
        || countsBatch < 1) {
      throw new IllegalArgumentException("limits of evaluate must be positive");
    }
  }
}
