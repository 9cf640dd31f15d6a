package dev.tocsin.ingest;

import java.time.Duration;
import java.util.Objects;

/**
 * The limits of learning.
 *
 * @param fieldsMax most fields of an organization that a node looks at in one {@code seenEvery}
 * @param shapesMax most shapes of states that it remembers of an organization likewise
 * @param depthMax how deep in objects fields are learned; 1 is those of the state itself
 * @param pathLengthMax longest path of a field that is learned, in characters
 * @param pendingMax most fields that wait to be written, of all organizations
 * @param batchMax most fields that are written at once
 * @param rememberedMax most fields and shapes that it remembers of all organizations together
 * @param seenEvery how exact the time is when a field was last seen
 */
public record LearnSettings(
    int fieldsMax,
    int shapesMax,
    int depthMax,
    int pathLengthMax,
    int pendingMax,
    int batchMax,
    int rememberedMax,
    Duration seenEvery) {
  public LearnSettings {
    Objects.requireNonNull(seenEvery);
    if (fieldsMax < 0
        || shapesMax < 1
        || depthMax < 1
        || pathLengthMax < 1
        || pendingMax < 1
        || batchMax < 1
        || rememberedMax < 1
        || !seenEvery.isPositive()) {
      throw new IllegalArgumentException("learning needs room for something");
    }
  }
}
