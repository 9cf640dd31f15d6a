package dev.tocsin.flow;

import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.rule.RuleId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of one event. */
public sealed interface Settlement {
  /**
   * It is durable, with everything it set off.
   *
   * @param decided what it is named, when that was told from the stored state; else null
   */
  record Stored(EventId id, @Nullable EventName decided, List<Fired> notifications)
      implements Settlement {
    public Stored {
      Objects.requireNonNull(id);
      notifications = List.copyOf(notifications);
    }

    /** An event that came with its name. */
    public Stored(EventId id, List<Fired> notifications) {
      this(id, null, notifications);
    }
  }

  /**
   * Its idempotency key was used before; this is the event that was stored then.
   *
   * @param decided what that one is named, if it is still there and this one came without a name
   */
  record Duplicate(EventId id, @Nullable EventName decided, List<Fired> notifications)
      implements Settlement {
    public Duplicate {
      Objects.requireNonNull(id);
      notifications = List.copyOf(notifications);
    }

    /** A repetition of an event that came with its name. */
    public Duplicate(EventId id, List<Fired> notifications) {
      this(id, null, notifications);
    }
  }

  /** The entity has the state already that it is said to have, so there is no event. */
  record Unchanged() implements Settlement {}

  /** There is no entity that could be gone, so there is no event. */
  record Absent() implements Settlement {}

  /** It could not be stored in time. Whether it still will be is not known to anybody waiting. */
  record Unsettled(String reason) implements Settlement {
    public Unsettled {
      Objects.requireNonNull(reason);
    }
  }

  /**
   * A notification that an event set off.
   *
   * @param id the id of the notification's own event
   * @param rule the notification configuration that fired
   * @param code its code, as it was then
   */
  record Fired(EventId id, RuleId rule, String code) {
    public Fired {
      Objects.requireNonNull(id);
      Objects.requireNonNull(rule);
      Objects.requireNonNull(code);
    }
  }
}
