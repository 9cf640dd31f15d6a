package dev.tocsin.evaluate;

import dev.tocsin.event.EventId;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.Payload;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The states of entities as the events of one commit find them: first what the store holds, then
 * what earlier events of the same commit made of it.
 */
final class StateOverlay {
  private final Set<EntityKey> asked;
  private final Map<EntityKey, EntityState> read;
  private final Map<EntityKey, EntityState> current;

  /**
   * An overlay over what was read.
   *
   * @param asked every entity whose state was asked for
   * @param read the states of those that have one
   */
  StateOverlay(Set<EntityKey> asked, Map<EntityKey, EntityState> read) {
    this.asked = asked;
    this.read = read;
    this.current = new HashMap<>(read);
  }

  /**
   * The state before an event that did not bring it. A stored state that is younger than the event
   * is not what the event changed, so there is then none.
   */
  @Nullable Payload before(EntityKey entity, IncomingEvent event) {
    EntityState state = current.get(entity);
    return state == null || state.time().isAfter(event.time()) ? null : state.state();
  }

  /**
   * The event, not earlier than the last change of its entity if its sender does not say when it
   * happened. A node whose clock lags, or is set back, would otherwise take it for an old one.
   */
  IncomingEvent inOrder(EntityKey entity, IncomingEvent event) {
    EntityState state = current.get(entity);
    return state == null ? event : event.arrivedAfter(state.time());
  }

  /** The state as the next event finds it; null when none is known. */
  @Nullable EntityState current(EntityKey entity) {
    return current.get(entity);
  }

  /** The event of this commit that left the state behind; null when it is the stored one. */
  @Nullable EventId writtenHere(EntityKey entity) {
    EntityState state = current.get(entity);
    EntityState stored = read.get(entity);
    boolean isStored = stored != null && state != null && state.writer().equals(stored.writer());
    return state == null || isStored ? null : state.writer();
  }

  /** What the commit has to verify for an event that used {@link #before}. */
  Judged.Assumption assumption(EntityKey entity) {
    EntityState state = read.get(entity);
    return new Judged.Assumption(state == null ? null : state.writer());
  }

  /** Lets later events of the commit see what this one leaves behind. */
  void apply(EntityKey entity, EventId id, IncomingEvent event) {
    if (!asked.contains(entity)) {
      return;
    }
    EntityState state = current.get(entity);
    if (state == null || !state.time().isAfter(event.time())) {
      current.put(entity, new EntityState(id, event.time(), event.after()));
    }
  }
}
