package dev.tocsin.ingest;

import dev.tocsin.event.Payload;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event of a request whose form is right and whose content is not yet looked at.
 *
 * @param json the whole item as sent
 * @param source what its id is unique within, for a CloudEvent; null for an id unique by itself
 * @param time the text of {@code eventTime}; null when it was not sent
 * @param fault what is wrong with its form already, for which the item alone is rejected; null when
 *     nothing is
 */
record RawItem(
    int index,
    String json,
    @Nullable String source,
    @Nullable String id,
    String name,
    @Nullable String time,
    State after,
    State before,
    Checked.@Nullable Bad fault) {
  RawItem {
    Objects.requireNonNull(json);
    Objects.requireNonNull(name);
    Objects.requireNonNull(after);
    Objects.requireNonNull(before);
  }

  /** An event in our own form. */
  RawItem(
      int index,
      String json,
      @Nullable String id,
      String name,
      @Nullable String time,
      State after,
      State before) {
    this(index, json, null, id, name, time, after, before, null);
  }

  /** A {@code new} or {@code old} as it was found. */
  sealed interface State {
    /** It was not sent, or is {@code null}. */
    record Absent() implements State {}

    /** It is an object, as it must be. */
    record Present(Payload payload) implements State {}

    /** It is of another type, named here. */
    record NotAnObject(String type) implements State {}
  }
}
