package dev.tocsin.flow;

import dev.tocsin.event.EventId;
import dev.tocsin.rule.RuleId;
import java.util.List;
import java.util.Objects;

/** What became of one event. */
public sealed interface Settlement {
  /** It is durable, with everything it set off. */
  record Stored(EventId id, List<Fired> notifications) implements Settlement {
    public Stored {
      Objects.requireNonNull(id);
      notifications = List.copyOf(notifications);
    }
  }

  /** Its idempotency key was used before; this is the event that was stored then. */
  record Duplicate(EventId id, List<Fired> notifications) implements Settlement {
    public Duplicate {
      Objects.requireNonNull(id);
      notifications = List.copyOf(notifications);
    }
  }

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
