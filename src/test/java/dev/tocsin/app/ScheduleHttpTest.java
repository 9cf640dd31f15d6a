package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Scheduled events of whole servers, from the configuration to what a rule makes of the event. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ScheduleHttpTest {
  private static final Account ACME =
      new Account("00000000-0000-4000-8000-00000000ac3e", "acme-key", "acme-secret");
  private static final String NAME = "scheduled.bill.endDateEvent";

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  @Test
  void an_entity_whose_date_has_come_makes_an_event_on_which_rules_fire(@TempDir Path home)
      throws Exception {
    WholeServers.declare(home, ACME, "");
    try (Server server = WholeServers.start(postgres, home, Map.of());
        ApiClient api = WholeServers.client(server, ACME)) {
      String configuration = configure(api, 1);
      String rule = api.rule("over", NAME, "new.total > 9 AND new.scheduled.offset == 1");
      // A day after this, it is an hour ago.
      String endDate =
          Instant.now().minus(25, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();
      JsonObject bill =
          new JsonObject()
              .put("id", "b1")
              .put("accountId", "a1")
              .put("total", 10)
              .put("endDate", endDate);

      api.put("/entities/Bill/b1", bill).ok();

      JsonObject event = await(api, "/events?eventName=" + NAME, 1).getFirst();
      Instant due = Instant.parse(endDate).plus(1, ChronoUnit.DAYS);
      assertThat(event.getString("eventType")).isEqualTo("ScheduledEvent");
      assertThat(event.getString("resourceId")).isEqualTo("b1");
      assertThat(event.getString("accountId")).isEqualTo("a1");
      assertThat(event.getInstant("eventTime")).isEqualTo(due);
      JsonObject data = event.getJsonObject("m3terEvent").getJsonObject("eventData");
      assertThat(data.getJsonObject("newDto"))
          .isEqualTo(
              bill.copy()
                  .put(
                      "scheduled",
                      new JsonObject()
                          .put("configurationId", configuration)
                          .put("entity", "Bill")
                          .put("field", "endDate")
                          .put("value", endDate)
                          .put("offset", 1)
                          .put("due", due.toString())));
      JsonObject notification = await(api, "/events?eventType=Notification", 1).getFirst();
      JsonObject told =
          notification
              .getJsonObject("m3terEvent")
              .getJsonObject("eventData")
              .getJsonObject("newDto");
      assertThat(told.getString("notificationId")).isEqualTo(rule);
      assertThat(told.getString("causeEventId")).isEqualTo(event.getString("id"));
    }
  }

  @Test
  void what_is_due_in_a_moment_fires_then_and_not_before_and_once_though_two_servers_look(
      @TempDir Path home) throws Exception {
    WholeServers.declare(home, ACME, "");
    try (Server one = WholeServers.start(postgres, home, Map.of());
        Server two = WholeServers.start(postgres, home, Map.of());
        ApiClient api = WholeServers.client(one, ACME);
        ApiClient other = WholeServers.client(two, ACME)) {
      configure(api, 0);
      Instant due = Instant.now().plusMillis(1_500).truncatedTo(ChronoUnit.MILLIS);
      for (int i = 0; i < 20; i++) {
        (i % 2 == 0 ? api : other)
            .put(
                "/entities/Bill/b" + i,
                new JsonObject().put("id", "b" + i).put("endDate", due.toString()))
            .ok();
      }

      List<JsonObject> events = await(other, "/events?eventName=" + NAME, 20);

      assertThat(events).allMatch(event -> !event.getInstant("dtCreated").isBefore(due));
      assertThat(events).extracting(event -> event.getString("resourceId")).doesNotHaveDuplicates();
      awaitNothingOwed();
      assertThat(api.list("/events?eventName=" + NAME)).hasSize(20);
    }
  }

  @Test
  void a_server_that_starts_later_fires_what_was_due_while_there_was_none(@TempDir Path home)
      throws Exception {
    WholeServers.declare(home, ACME, "");
    String endDate = Instant.now().plus(2, ChronoUnit.HOURS).toString();
    try (Server server = WholeServers.start(postgres, home, Map.of());
        ApiClient api = WholeServers.client(server, ACME)) {
      configure(api, 0);
      api.put("/entities/Bill/b1", new JsonObject().put("id", "b1").put("endDate", endDate)).ok();
      assertThat(api.list("/events?eventName=" + NAME)).isEmpty();
    }

    // Days later, and so beyond the late window: that is for states that come late.
    try (Server server = WholeServers.start(postgres, home, Map.of("TOCSIN_CLOCK_OFFSET", "P3D"));
        ApiClient api = WholeServers.client(server, ACME)) {
      assertThat(await(api, "/events?eventName=" + NAME, 1))
          .extracting(event -> event.getString("resourceId"))
          .containsExactly("b1");
    }
  }

  private static String configure(ApiClient api, int offset) throws Exception {
    return api.create(
        "/scheduledevents/configurations",
        new JsonObject()
            .put("name", NAME)
            .put("entity", "Bill")
            .put("field", "endDate")
            .put("offset", offset));
  }

  private static List<JsonObject> await(ApiClient api, String path, int size)
      throws IOException, InterruptedException {
    List<JsonObject> found = api.list(path);
    while (found.size() < size) {
      found = api.list(path);
    }
    return found;
  }

  private void awaitNothingOwed() {
    while (!postgres
        .value("select count(*) from scheduled_due where outcome is null")
        .equals("0")) {
      Thread.onSpinWait();
    }
  }
}
