package dev.tocsin.stream;

import dev.tocsin.event.EventId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.flow.StoreUnavailable;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a subscriber has been shown an organization's events.
 *
 * <p>Not thread-safe: its follower sees to it that one thread at a time shows him events.
 */
final class Subscription {
  private static final Logger log = LoggerFactory.getLogger(Subscription.class);

  /** Nobody knows yet how much he takes. */
  private static final int APPETITE_AT_FIRST = 16;

  private static final int APPETITE_MAX = 1 << 20;

  private final Subscriber subscriber;
  private final @Nullable Snapshot before;
  private Position position;
  private int appetite = APPETITE_AT_FIRST;

  /** What showing events came to. */
  enum Outcome {
    /** He was shown all he may see and wants. */
    DONE,
    /** He had no room for all of them. */
    FULL,
    /** Whether he may see them is not known; he was shown those before, if any. */
    UNCLEAR,
    /** He may see none any more. */
    LOST
  }

  /**
   * A subscription that begins at a place.
   *
   * @param before what is not for him though it is behind that place; null for nothing
   */
  Subscription(Subscriber subscriber, Position position, @Nullable Snapshot before) {
    this.subscriber = subscriber;
    this.position = position;
    this.before = before;
  }

  Subscriber subscriber() {
    return subscriber;
  }

  /** Whether he began with what was stored from then on, and not after an event. */
  boolean beginsWithPresent() {
    return before != null;
  }

  /** Behind everything that he was shown, or is not to see. */
  Position position() {
    return position;
  }

  /** How many events are worth reading for him: about as many as he had room for lately. */
  int appetite() {
    return appetite;
  }

  void advance(Position reached) {
    position = position.orLater(reached);
  }

  /** Whether he may see no events any more. */
  boolean isLost() {
    return sight() instanceof Sight.Lost;
  }

  /**
   * Shows him the next events, in their order. A mistake made here is his alone: the others are
   * shown theirs, and he is shown the rest when it is tried again.
   */
  Outcome show(List<Placed> events, Visibility visibility) {
    try {
      return switch (sight()) {
        case Sight.Lost() -> Outcome.LOST;
        case Sight.Unclear() -> Outcome.UNCLEAR;
        case Sight.Sees sees -> show(events, sees, visibility);
      };
    } catch (Throwable e) {
      failed(e);
      return Outcome.UNCLEAR;
    }
  }

  private Outcome show(List<Placed> events, Sight.Sees sees, Visibility visibility) {
    List<StoredEvent> wanted = events.stream().filter(this::isFor).map(Placed::event).toList();
    Set<EventId> visible = visibility.of(sees.hidden(), wanted);
    int passed = 0;
    for (Placed placed : events) {
      if (visible.contains(placed.event().id())
          && isFor(placed)
          && !subscriber.take(placed.event())) {
        appetite = Math.max(1, passed);
        return Outcome.FULL;
      }
      advance(placed.position());
      passed++;
    }
    appetite = Math.min(2 * appetite, APPETITE_MAX);
    return Outcome.DONE;
  }

  private boolean isFor(Placed placed) {
    return position.isBefore(placed.position())
        && (before == null || !before.includes(placed.transaction()))
        && subscriber.wants(placed.event());
  }

  private Sight sight() {
    try {
      return subscriber.sight();
    } catch (RuntimeException e) {
      failed(e);
      return new Sight.Unclear();
    }
  }

  /** The store's absence is told by the follower, once for all its subscribers. */
  private static void failed(Throwable e) {
    if (!(e instanceof StoreUnavailable) && !(e.getCause() instanceof StoreUnavailable)) {
      log.error("a subscriber could not be shown events, it is tried again", e);
    }
  }
}
