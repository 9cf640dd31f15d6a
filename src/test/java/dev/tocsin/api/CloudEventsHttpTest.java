package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.MessageWriter;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** CloudEvents in their three modes over HTTP, some as the SDK for Java writes them. */
class CloudEventsHttpTest {
  private static final String STRUCTURED = "application/cloudevents+json";
  private static final String BATCH = "application/cloudevents-batch+json";
  private static final String STATE = "{ \"id\":\"p1\", \"b\":1.10, \"a\":1E2 }";

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void a_structured_event_is_stored_with_its_payload_as_it_stands() {
    HttpResponse<Buffer> answer =
        send(
            Map.of("content-type", "Application/CloudEvents+JSON; charset=UTF-8"),
            event("configuration.plan.updated", "7", "{\"old\":null,\"new\":" + STATE + "}"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(parsed(answer).getJsonArray("rejected")).isEmpty();
    JsonObject accepted = parsed(answer).getJsonArray("accepted").getJsonObject(0);
    assertThat(accepted.fieldNames()).containsExactly("index", "id", "duplicate", "notifications");
    String found = text(acme.get("events/" + accepted.getString("id")));
    assertThat(found).contains("\"newDto\":" + STATE);
    assertThat(new JsonObject(found).getString("eventName"))
        .isEqualTo("configuration.plan.updated");
    assertThat(new JsonObject(found).getString("eventTime")).isEqualTo("2026-11-20T08:00:00Z");
  }

  @Test
  void the_events_of_a_batch_proceed_though_others_of_it_are_rejected() {
    HttpResponse<Buffer> answer =
        send(
            Map.of("content-type", BATCH),
            "["
                + event("configuration.plan.created", "1", "{\"new\":" + STATE + "}")
                + ",{\"specversion\":\"0.3\"},"
                + event("configuration.plan.deleted", "2", "{\"new\":" + STATE + "}")
                + ","
                + event("configuration.plan.deleted", "3", "{\"old\":" + STATE + "}")
                + "]");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(parsed(answer).getJsonArray("accepted").stream())
        .extracting(one -> ((JsonObject) one).getInteger("index"))
        .containsExactly(0, 3);
    JsonArray rejected = parsed(answer).getJsonArray("rejected");
    assertThat(rejected.stream())
        .extracting(one -> ((JsonObject) one).getString("code"))
        .containsExactly("bad_cloud_event", "missing_old");
    JsonObject failure =
        parsed(acme.get("events/" + rejected.getJsonObject(0).getString("failureEventId")));
    assertThat(failure.getString("eventName")).isEqualTo("ingest.validation.failure");
    assertThat(
            failure.getJsonObject("m3terEvent").getJsonObject("eventData").getJsonObject("newDto"))
        .isEqualTo(
            new JsonObject(
                json(
                    "{'code':'bad_cloud_event','message':'specversion must be 1.0, not \\'0.3\\'',"
                        + "'index':1,'original':{'specversion':'0.3'}}")));
  }

  @Test
  void an_empty_batch_is_answered_with_nothing() {
    assertThat(send(Map.of("content-type", BATCH), "[]").bodyAsString())
        .isEqualTo("{\"accepted\":[],\"rejected\":[]}");
  }

  @Test
  void a_binary_event_is_stored_with_its_payload_as_it_stands() {
    HttpResponse<Buffer> answer =
        send(
            Map.of(
                "Content-Type", "application/json",
                "CE-SpecVersion", "1.0",
                "ce-type", "configuration%2Eplan.updated",
                "ce-source", "\"/billing\"",
                "ce-id", "caf%C3%A9",
                "ce-time", "2026-11-20T08:00:00Z",
                "ce-traceparent", "00-1-2"),
            "{\"new\":" + STATE + "}");

    assertThat(answer.statusCode()).isEqualTo(200);
    String id = parsed(answer).getJsonArray("accepted").getJsonObject(0).getString("id");
    assertThat(acme.get("events/" + id).bodyAsString())
        .contains("\"newDto\":" + STATE)
        .contains("\"eventTime\":\"2026-11-20T08:00:00Z\"");
  }

  @Test
  void a_binary_event_without_one_of_its_attributes_is_rejected_as_one() {
    HttpResponse<Buffer> answer =
        send(Map.of("ce-type", "configuration.plan.updated"), "{\"new\":" + STATE + "}");

    assertThat(parsed(answer).getJsonArray("rejected").getJsonObject(0).getString("message"))
        .isEqualTo("a CloudEvent must have the attribute specversion, which is 1.0");
  }

  @Test
  void what_the_sdk_writes_is_read() {
    CloudEvent event =
        CloudEventBuilder.v1()
            .withId("id with a space and %")
            .withSource(URI.create("/a/b?c=d#e"))
            .withType("configuration.plan.updated")
            .withTime(OffsetDateTime.parse("2026-11-20T09:00:00.5+01:00"))
            .withSubject("sübject")
            .withDataSchema(URI.create("https://example.com/schema"))
            .withExtension("number", 7)
            .withExtension("flag", true)
            .withData(
                "application/json", ("{\"new\":" + STATE + "}").getBytes(StandardCharsets.UTF_8))
            .build();

    String structured =
        stored(
            send(
                Map.of("content-type", STRUCTURED),
                new String(new JsonFormat().serialize(event), StandardCharsets.UTF_8)));
    String binary = stored(sentInBinaryMode(event));

    assertThat(structured).contains("\"eventTime\":\"2026-11-20T08:00:00.500Z\"");
    assertThat(binary).contains("\"eventTime\":\"2026-11-20T08:00:00.500Z\"");
    assertThat(binary).contains("\"newDto\":" + STATE);
  }

  private HttpResponse<Buffer> sentInBinaryMode(CloudEvent event) {
    HttpRequest<Buffer> request = request();
    Buffer body = Buffer.buffer();
    MessageWriter<?, ?> writer =
        HttpMessageFactory.createWriter(
            (name, value) -> request.putHeader(name, value), bytes -> body.appendBytes(bytes));
    writer.writeBinary(event);
    return await(request.sendBuffer(body));
  }

  private String stored(HttpResponse<Buffer> answer) {
    assertThat(parsed(answer).getJsonArray("rejected")).isEmpty();
    String id = parsed(answer).getJsonArray("accepted").getJsonObject(0).getString("id");
    return text(acme.get("events/" + id));
  }

  private static String text(HttpResponse<Buffer> response) {
    return Objects.requireNonNull(response.bodyAsString());
  }

  private static String event(String type, String id, String data) {
    return "{\"specversion\":\"1.0\",\"type\":\""
        + type
        + "\",\"source\":\"/billing\",\"id\":\""
        + id
        + "\",\"time\":\"2026-11-20T08:00:00Z\",\"data\":"
        + data
        + "}";
  }

  private HttpResponse<Buffer> send(Map<String, String> headers, String body) {
    HttpRequest<Buffer> request = request();
    headers.forEach(request::putHeader);
    return await(request.sendBuffer(Buffer.buffer(body)));
  }

  private HttpRequest<Buffer> request() {
    return WebClient.create(api.vertx)
        .post(api.port(), "127.0.0.1", "/organizations/" + ACME.organization() + "/events")
        .bearerTokenAuthentication(api.token(ACME));
  }
}
