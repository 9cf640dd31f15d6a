package dev.tocsin.stream;

import dev.tocsin.event.StoredEvent;

/**
 * Somebody to whom events are shown, in their order. Called by any thread, but shown one event
 * after the other.
 */
public interface Subscriber {
  /** What he may see now. May wait, and fail, which leaves it unclear. */
  Sight sight();

  /** Whether he asked for such events. */
  boolean wants(StoredEvent event);

  /** Shows him an event; answers whether he had room for it. If not, he was not shown it. */
  boolean take(StoredEvent event);

  /** Has something run once as soon as he has room again; at once if he has. */
  void whenRoom(Runnable work);

  /** Tells him that he is shown nothing more. Not called after he left. */
  void end(End why);
}
