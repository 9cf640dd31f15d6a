package dev.tocsin.evaluate;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.EventsAccepted;
import dev.tocsin.flow.EventsSettled;
import dev.tocsin.flow.Settlement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A request on its way: answered once, when the last of its events is settled. */
final class Submission {
  private final OrganizationId organization;
  private final Instant deadline;
  private final List<Pending> events;
  private final @Nullable Settlement[] settlements;
  private final Consumer<EventsSettled> answer;
  private int open;

  Submission(EventsAccepted accepted, Consumer<EventsSettled> answer) {
    this.organization = accepted.organization();
    this.deadline = accepted.deadline();
    this.events =
        IntStream.range(0, accepted.events().size())
            .mapToObj(index -> new Pending(this, index, accepted.events().get(index)))
            .toList();
    this.settlements = new Settlement[events.size()];
    this.open = events.size();
    this.answer = answer;
  }

  OrganizationId organization() {
    return organization;
  }

  List<Pending> events() {
    return events;
  }

  boolean isLate(Instant now) {
    return now.isAfter(deadline);
  }

  boolean isSettled(int index) {
    return settlements[index] != null;
  }

  boolean isStored(int index) {
    return settlements[index] instanceof Settlement.Stored;
  }

  void settle(int index, Settlement settlement) {
    if (settlements[index] != null) {
      throw new IllegalStateException(
          "event " + index + " of " + organization + " is settled twice: " + settlement);
    }
    settlements[index] = settlement;
    open--;
    if (open == 0) {
      answer.accept(new EventsSettled(Arrays.asList(settlements)));
    }
  }
}
