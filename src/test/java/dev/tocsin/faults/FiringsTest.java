package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.faults.Appointments.Date;
import dev.tocsin.faults.Appointments.Dated;
import dev.tocsin.faults.Appointments.Distance;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Which scheduled events must come of dates that were moved, and of entities that went. */
class FiringsTest {
  private static final Instant OVER = Instant.parse("2026-11-27T09:00:00Z");
  private static final Instant NEAR = Instant.parse("2026-11-27T10:00:00Z");
  private static final Instant FAR = Instant.parse("2026-11-27T11:00:00Z");
  private static final Dated BILL = new Dated(Appointments.BILL, "one");
  private static final Dated BALANCE = new Dated(Appointments.BALANCE, "one");

  private final Appointments appointments = new Appointments();
  private final Firings firings = new Firings();

  private void fired(Dated which, Instant at, String lastPart) {
    JsonObject state =
        new JsonObject().put("scheduled", new JsonObject().put("entity", which.entity()));
    firings.add(
        new JsonObject()
            .put(
                "eventName",
                "scheduled." + which.entity().toLowerCase(Locale.ROOT) + "." + lastPart)
            .put("resourceId", which.id())
            .put("eventTime", at.toString())
            .put(
                "m3terEvent",
                new JsonObject().put("eventData", new JsonObject().put("newDto", state))));
  }

  private List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    firings.compare(appointments, Appointments.BALANCE, (kind, what) -> complaints.add(kind));
    return complaints;
  }

  @Test
  void what_was_due_when_it_was_moved_fires_and_so_does_the_last() {
    appointments.dated(BILL, new Date(OVER, Distance.OVER));
    appointments.dated(BILL, new Date(NEAR, Distance.NEAR));
    fired(BILL, NEAR, "ended");
    assertThat(complaints()).containsExactly("scheduled and not fired once");

    fired(BILL, OVER, "ended");
    assertThat(complaints()).isEmpty();
  }

  @Test
  void what_was_not_due_by_any_clock_when_it_was_moved_never_fires() {
    appointments.dated(BILL, new Date(FAR, Distance.FAR));
    appointments.dated(BILL, new Date(NEAR, Distance.NEAR));
    fired(BILL, NEAR, "ended");
    fired(BILL, FAR, "ended");
    assertThat(complaints()).containsExactly("fired and never due");
  }

  @Test
  void what_may_have_been_due_when_it_went_fires_once_or_not() {
    appointments.dated(BILL, new Date(OVER, Distance.OVER));
    appointments.dated(BILL, new Date(NEAR, Distance.NEAR));
    appointments.deleted(BILL);
    assertThat(complaints()).isEmpty();

    fired(BILL, OVER, "ended");
    fired(BILL, NEAR, "ended");
    assertThat(complaints()).isEmpty();

    fired(BILL, NEAR, "ended");
    assertThat(complaints()).containsExactly("fired more than once");
  }

  @Test
  void a_configuration_that_was_turned_has_armed_what_it_is_about_in_the_end() {
    appointments.dated(BALANCE, new Date(NEAR, Distance.NEAR));
    assertThat(complaints()).containsExactly("scheduled and not fired once");

    fired(BALANCE, NEAR, "turning");
    assertThat(complaints()).isEmpty();
  }

  @Test
  void what_it_fired_of_the_other_before_is_left_to_it_but_once() {
    appointments.dated(BILL, new Date(NEAR, Distance.NEAR));
    fired(BILL, NEAR, "ended");
    fired(BILL, NEAR, "turning");
    assertThat(complaints()).isEmpty();

    fired(BALANCE, NEAR, "turning");
    assertThat(complaints())
        .containsExactlyInAnyOrder(
            "fired twice by the configuration that was turned", "fired and never due");
  }
}
