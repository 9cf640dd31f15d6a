package dev.tocsin.flow;

import dev.tocsin.bus.BusMessage;
import java.util.List;

/** What became of each event of an {@link EventsAccepted}, in the same order. */
public record EventsSettled(List<Settlement> settlements) implements BusMessage {
  public EventsSettled {
    settlements = List.copyOf(settlements);
  }
}
