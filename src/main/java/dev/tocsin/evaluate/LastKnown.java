package dev.tocsin.evaluate;

import dev.tocsin.event.Change;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventId;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an event that is not submitted would be judged as if it came now. Nothing is kept. */
public final class LastKnown {
  private final EntityStates states;

  public LastKnown(EntityStates states) {
    this.states = states;
  }

  /**
   * What an event is judged as.
   *
   * @param writer the event that left the old state behind, if it is the last known one; else null
   */
  public record Found(Change change, @Nullable EventId writer) {
    public Found {
      Objects.requireNonNull(change);
    }
  }

  /**
   * The change that an event tells of, with the last known state of its entity for the old one if
   * the event is an update that does not bring it.
   *
   * @throws LedgerException.Unavailable when the store cannot be reached
   */
  public Found of(OrganizationId organization, IncomingEvent event) {
    EntityRef entity = event.entity();
    if (entity == null || !event.wantsStoredState()) {
      return new Found(new Change(event.time(), event.after(), event.before()), null);
    }
    EntityKey key = new EntityKey(organization, entity);
    Map<EntityKey, EntityState> read = states.read(Set.of(key));
    StateOverlay overlay = new StateOverlay(Set.of(key), read);
    IncomingEvent ordered = overlay.inOrder(key, event);
    Payload before = overlay.before(key, ordered);
    EntityState state = read.get(key);
    EventId writer = before == null || state == null ? null : state.writer();
    return new Found(new Change(ordered.time(), ordered.after(), before), writer);
  }
}
