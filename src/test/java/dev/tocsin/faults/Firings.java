package dev.tocsin.faults;

import dev.tocsin.faults.Appointments.Dated;
import dev.tocsin.faults.Appointments.Due;
import dev.tocsin.faults.Appointments.Expected;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The scheduled events that are stored, of two configurations: one never changed, one turned. */
final class Firings {
  private final Map<Due, Integer> steady = new HashMap<>();
  private final Map<Due, Integer> turned = new HashMap<>();

  /** A scheduled event, as it is listed; answers whether the configuration never changed. */
  boolean add(JsonObject event) {
    JsonObject state =
        event.getJsonObject("m3terEvent").getJsonObject("eventData").getJsonObject("newDto");
    Due due =
        new Due(
            new Dated(
                state.getJsonObject("scheduled").getString("entity"),
                event.getString("resourceId")),
            event.getInstant("eventTime"));
    boolean isTurned = ScheduleAuthor.hasMade(event);
    (isTurned ? turned : steady).merge(due, 1, Integer::sum);
    return !isTurned;
  }

  /**
   * Compares them with what must be.
   *
   * @param inTheEnd what the configuration that was turned is about
   */
  void compare(Appointments appointments, String inTheEnd, BiConsumer<String, String> complaints) {
    compare(steady, appointments.ofSteady(Appointments.BILL), complaints);
    compare(onceOfAny(complaints), appointments.ofTurned(inTheEnd), complaints);
  }

  /**
   * There is one event of a configuration, id and time, also if entities of two kinds have both.
   */
  private Map<Due, Integer> onceOfAny(BiConsumer<String, String> complaints) {
    Set<String> seen = new HashSet<>();
    turned.forEach((due, times) -> {
      if (times > 1 || !seen.add(due.which().id() + " " + due.at())) {
        complaints.accept("fired twice by the configuration that was turned", due.toString());
      }
    });
    return turned;
  }

  private static void compare(
      Map<Due, Integer> fired, Expected expected, BiConsumer<String, String> complaints) {
    for (Due due : expected.must()) {
      int times = fired.getOrDefault(due, 0);
      if (times != 1) {
        complaints.accept("scheduled and not fired once", due + " was fired " + times + " times");
      }
    }
    fired.forEach((due, times) -> {
      if (!expected.must().contains(due)) {
        if (!expected.may().contains(due)) {
          complaints.accept("fired and never due", due.toString());
        } else if (times != 1) {
          complaints.accept("fired more than once", due + " was fired " + times + " times");
        }
      }
    });
  }

  int size() {
    return steady.size() + turned.size();
  }
}
