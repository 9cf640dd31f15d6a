package dev.tocsin.evaluate;

import dev.tocsin.event.EntityRef;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import dev.tocsin.event.Transition;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an entity of which somebody says which state it has, or that it is gone, as the
 * stored state tells it.
 */
public sealed interface StateDecision {
  /**
   * There is an event.
   *
   * @param before the stored state, if that is what the event changed
   */
  record Changed(IncomingEvent event, @Nullable Payload before) implements StateDecision {
    public Changed {
      Objects.requireNonNull(event);
    }
  }

  /** It is in that state already. */
  record Unchanged() implements StateDecision {}

  /** It is not there to be gone. */
  record Absent() implements StateDecision {}

  /**
   * What happened. Of a state that is older than the stored one nobody knows what it changed; it is
   * an update without an old state.
   */
  static StateDecision of(IncomingEvent said, @Nullable EntityState stored) {
    Payload state = stored == null ? null : stored.state();
    boolean isLate = stored != null && stored.time().isAfter(said.time());
    if (said.after() == null) {
      return state == null
          ? new Absent()
          : new Changed(
              said.decided(Transition.DELETED, account(said, state)), isLate ? null : state);
    }
    if (isLate) {
      return new Changed(said.decided(Transition.UPDATED, said.accountId()), null);
    }
    if (state == null) {
      return new Changed(said.decided(Transition.CREATED, said.accountId()), null);
    }
    return JsonValues.same(said.after().fields(), state.fields())
        ? new Unchanged()
        : new Changed(said.decided(Transition.UPDATED, said.accountId()), state);
  }

  /** Whose an entity was, which is all that is known of it once it is gone. */
  private static @Nullable String account(IncomingEvent said, Payload state) {
    EntityRef entity = said.entity();
    if (entity != null && entity.entity().equals("Account")) {
      return entity.id();
    }
    return state.fields().get("accountId") instanceof String account && !account.isEmpty()
        ? account
        : null;
  }
}
