package dev.tocsin.deliver;

import static dev.tocsin.deliver.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.EventJson;
import dev.tocsin.event.JsonValues;
import dev.tocsin.flow.NotificationMessage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class NotificationBodyTest {
  private static final NotificationMessage MESSAGE = Samples.message(ACME, 1);

  @Test
  void the_body_tells_which_rule_fired_on_which_event() {
    assertThat(NotificationBody.of(MESSAGE))
        .isEqualTo(
            "{\"type\":\"configuration.commitment.updated\",\"timestamp\":\"2026-11-23T08:00:01Z\","
                + "\"data\":{\"id\":\""
                + MESSAGE.id()
                + "\",\"organizationId\":\""
                + ACME
                + "\",\"notification\":{\"id\":\""
                + Samples.RULE
                + "\",\"code\":\"commitment_90\",\"name\":\"Commitment \\\"90 %\\\"\",\"version\":7},"
                + "\"event\":"
                + EventJson.append(new StringBuilder(), MESSAGE.cause())
                + "}}");
  }

  @Test
  void the_body_is_json() throws IOException {
    assertThat(JsonValues.payload(NotificationBody.of(MESSAGE)).fields())
        .containsOnlyKeys("type", "timestamp", "data");
  }
}
