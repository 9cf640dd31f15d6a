package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.stream.SseClient;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** At 28 days to the millisecond, on every call that could show an event or what it set off. */
class ExpiryHttpTest {
  private static final Duration KEPT = Duration.ofDays(28);

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void a_millisecond_before_its_end_an_event_is_there_for_every_call() {
    assertThere(api.now().minus(KEPT).plusMillis(1));
  }

  @Test
  void at_its_end_an_event_is_there_for_every_call() {
    assertThere(api.now().minus(KEPT));
  }

  @Test
  void a_millisecond_after_its_end_an_event_is_there_for_no_call() {
    Instant created = api.now().minus(KEPT).minusMillis(1);
    EventId event = event(created);
    RunId run = run(event, created.plusSeconds(60));

    assertThat(acme.get("events/" + event).statusCode()).isEqualTo(404);
    assertThat(data(acme.get("events"))).isZero();
    assertThat(data(acme.get("events?ids=" + event))).isZero();
    assertThat(data(acme.get("events?resourceId=a-1&accountId=a-1"))).isZero();
    assertThat(acme.put("events/" + event + "/actioned?actioned=true", "").statusCode())
        .isEqualTo(404);
    assertThat(data(acme.put("events/actioned", actioned(event)))).isZero();
    HttpResponse<Buffer> evaluated = acme.post("notifications/evaluate", evaluation(event));
    assertThat(evaluated.statusCode()).isEqualTo(404);
    assertThat(evaluated.bodyAsString()).contains("/eventId");
    HttpResponse<Buffer> resumed = acme.get("events/stream?lastEventId=" + event);
    assertThat(resumed.statusCode()).isEqualTo(404);
    assertThat(data(acme.get("integrationruns"))).isZero();
    assertThat(data(acme.get("integrationruns?eventId=" + event))).isZero();
    assertThat(acme.get("integrationruns/" + run).statusCode()).isEqualTo(404);
    assertThat(acme.get("integrationruns/logs/" + run).statusCode()).isEqualTo(404);
    assertThat(acme.post("integrationruns/" + run + "/replay", "").statusCode()).isEqualTo(404);
  }

  private void assertThere(Instant created) {
    EventId event = event(created);
    RunId run = run(event, created.plusSeconds(60));

    assertThat(acme.get("events/" + event).statusCode()).isEqualTo(200);
    assertThat(data(acme.get("events"))).isEqualTo(1);
    assertThat(data(acme.get("events?ids=" + event))).isEqualTo(1);
    assertThat(data(acme.get("events?resourceId=a-1&accountId=a-1"))).isEqualTo(1);
    assertThat(acme.put("events/" + event + "/actioned?actioned=true", "").statusCode())
        .isEqualTo(200);
    assertThat(data(acme.put("events/actioned", actioned(event)))).isEqualTo(1);
    assertThat(acme.post("notifications/evaluate", evaluation(event)).statusCode()).isEqualTo(200);
    try (SseClient stream =
        SseClient.open(
            api.vertx,
            api.port(),
            "/organizations/" + ACME.organization() + "/events/stream?lastEventId=" + event,
            api.token(ACME),
            Map.of())) {
      assertThat(stream.status()).isEqualTo(200);
    }
    assertThat(data(acme.get("integrationruns"))).isEqualTo(1);
    assertThat(data(acme.get("integrationruns?eventId=" + event))).isEqualTo(1);
    assertThat(acme.get("integrationruns/" + run).statusCode()).isEqualTo(200);
    assertThat(acme.get("integrationruns/logs/" + run).statusCode()).isEqualTo(200);
    assertThat(acme.post("integrationruns/" + run + "/replay", "").statusCode()).isEqualTo(200);
  }

  private EventId event(Instant created) {
    EventId id = new EventId(id(created, 1));
    api.events.add(
        new StoredEvent(
            ACME.organization(),
            id,
            new EventName("configuration.account.created"),
            Category.CONFIGURATION,
            created,
            "a-1",
            "a-1",
            "{\"id\":\"a-1\"}",
            null,
            null));
    return id;
  }

  /** A run may have been made long after its event, and is gone with it. */
  private RunId run(EventId cause, Instant made) {
    RunId id = new RunId(id(made, 2));
    api.runs.put(
        ACME.organization(),
        new IntegrationRun(
            id,
            new IntegrationRun.What(
                new RuleId(new UUID(1, 1)),
                cause,
                new EventId(id(made, 3)),
                new IntegrationId(new UUID(2, 1)),
                new WebhookId(new UUID(3, 1))),
            IntegrationRunStatus.ERROR,
            "https://example.com/hook",
            1,
            "no",
            null,
            made,
            made,
            null,
            2,
            made));
    return id;
  }

  private static UUID id(Instant created, int number) {
    return new UUID(created.toEpochMilli() << 16 | 0x7000, Long.MIN_VALUE | number);
  }

  private static String actioned(EventId event) {
    return json("{'ids':['" + event + "'],'actioned':true}");
  }

  private static String evaluation(EventId event) {
    return json("{'eventId':'" + event + "','calculation':'new.id == 1'}");
  }

  private static int data(HttpResponse<Buffer> page) {
    return parsed(page).getJsonArray("data").size();
  }
}
