package dev.tocsin.flow;

import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What became of events that the server made itself. */
public sealed interface Produced {
  /**
   * All of them are stored.
   *
   * @param before positions of those that had been stored before, under the same key
   */
  record Stored(Set<Integer> before) implements Produced {
    public Stored {
      before = Set.copyOf(before);
    }

    /** All of them, and none before. */
    public Stored() {
      this(Set.of());
    }
  }

  /** There was no room, or the store could not be reached: they are to be produced again. */
  record Postponed(String reason) implements Produced {
    public Postponed {
      Objects.requireNonNull(reason);
    }
  }

  /** Nobody answered in time, or something is wrong here: they are to be produced again. */
  record Failed(Throwable cause) implements Produced {
    public Failed {
      Objects.requireNonNull(cause);
    }
  }

  /** What an answer of ingest means for those who made the events. */
  static Produced of(IngestAnswer answer) {
    return switch (answer) {
      case IngestAnswer.Processed processed ->
          new Stored(
              processed.accepted().stream()
                  .filter(IngestAnswer.Accepted::duplicate)
                  .map(IngestAnswer.Accepted::index)
                  .collect(Collectors.toSet()));
      case IngestAnswer.Busy busy ->
          new Postponed("as much as may be of the " + busy.scope() + " is in flight");
      case IngestAnswer.Unavailable unavailable -> new Postponed(unavailable.message());
      case IngestAnswer.Malformed _,
          IngestAnswer.TooLarge _,
          IngestAnswer.Changed _,
          IngestAnswer.Unchanged _,
          IngestAnswer.Absent _,
          IngestAnswer.NoSuchEntity _,
          IngestAnswer.BadParameter _,
          IngestAnswer.BadState _ ->
          new Failed(new IllegalStateException("ingest answered " + answer));
    };
  }
}
