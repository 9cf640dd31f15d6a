package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static dev.tocsin.api.ApiFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Tokens;
import dev.tocsin.event.EventId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.flow.StoreUnavailable;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds for every call: tokens, events, bounds, failures, and how the server stops. */
class ApiHttpTest {
  private @Nullable ApiFixture started;

  @AfterEach
  void close() {
    if (started != null) {
      started.close();
    }
  }

  @Test
  void an_access_key_and_its_secret_are_exchanged_for_a_token() {
    ApiFixture api = start();
    HttpRequest<Buffer> request =
        ContractCheck.client(api.vertx)
            .post(api.port(), "127.0.0.1", "/oauth/token")
            .basicAuthentication("acme-key", ApiFixture.SECRET);
    JsonObject grant = new JsonObject().put("grant_type", "client_credentials").put("scope", "x");

    HttpResponse<Buffer> asJson = await(request.sendJsonObject(grant));
    HttpResponse<Buffer> asForm =
        await(
            request.sendForm(
                MultiMap.caseInsensitiveMultiMap().add("grant_type", "client_credentials")));

    assertThat(asJson.statusCode()).isEqualTo(200);
    assertThat(asJson.getHeader("cache-control")).isEqualTo("no-store");
    assertThat(parsed(asJson).fieldNames())
        .containsExactly("access_token", "expires_in", "token_type", "scope");
    assertThat(parsed(asJson).getInteger("expires_in")).isEqualTo(18_000);
    assertThat(parsed(asJson).getString("token_type")).isEqualTo("Bearer");
    assertThat(parsed(asJson).getValue("scope")).isNull();
    assertThat(api.tokens.verify(parsed(asJson).getString("access_token")))
        .isEqualTo(new Tokens.Verdict.Valid(ACME));
    assertThat(parsed(asForm)).isEqualTo(parsed(asJson));
  }

  @Test
  void stored_events_are_answered_read_and_listed() {
    ApiFixture api = start();
    ApiClient acme = new ApiClient(api, ACME);

    HttpResponse<Buffer> answer =
        acme.post(
            "events",
            json(
                "{'events':[{'eventName':'configuration.commitment.updated',"
                    + "'new':{'id':'c1','accountId':'a1','amount':1.10}},"
                    + "{'eventName':'no.such.event'}]}"));

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonObject accepted = parsed(answer).getJsonArray("accepted").getJsonObject(0);
    JsonObject rejected = parsed(answer).getJsonArray("rejected").getJsonObject(0);
    assertThat(accepted.getBoolean("duplicate")).isFalse();
    assertThat(rejected.getString("code")).isEqualTo("unknown_event_name");
    HttpResponse<Buffer> found = acme.get("events/" + accepted.getString("id"));
    assertThat(found.bodyAsString())
        .contains("\"newDto\":{\"id\":\"c1\",\"accountId\":\"a1\",\"amount\":1.10}");
    assertThat(ids(acme, "events?accountId=a1&resourceId=c1&includeActioned=false"))
        .containsExactly(accepted.getString("id"));
    assertThat(ids(acme, "events?eventType=IngestValidationFailure"))
        .containsExactly(rejected.getString("failureEventId"));
    assertThat(ids(acme, "events?notificationCode=x")).isEmpty();
    assertThat(ids(acme, "events?notificationId=1-1-1-1-1")).isEmpty();
    assertThat(ids(new ApiClient(api, BOLT), "events")).isEmpty();
    assertThat(new ApiClient(api, BOLT).get("events/" + accepted.getString("id")).statusCode())
        .isEqualTo(404);
  }

  /** A client that does not say what a body is gets it called a form by its library. */
  @Test
  void events_are_read_whatever_they_are_called() {
    ApiFixture api = start();
    String event = json("{'eventName':'configuration.plan.created','new':{'id':'p'}}");

    for (String type : List.of("application/x-www-form-urlencoded", "multipart/form-data", "?")) {
      HttpResponse<Buffer> answer =
          await(
              events(api)
                  .putHeader("content-type", type)
                  .sendBuffer(Buffer.buffer(event + " ".repeat(100_000))));
      assertThat(answer.statusCode()).as(type).isEqualTo(200);
    }
  }

  @Test
  void a_body_of_untold_length_is_refused_where_it_becomes_too_large() {
    ApiFixture api = start();

    Future<Integer> status =
        api.vertx
            .createHttpClient()
            .request(HttpMethod.POST, api.port(), "127.0.0.1", eventsPath())
            .compose(request -> {
              request.putHeader("authorization", "Bearer " + api.token(ACME)).setChunked(true);
              for (int i = 0; i < 6; i++) {
                request.write(Buffer.buffer(" ".repeat(1 << 20)));
              }
              request.end();
              return request.response();
            })
            .map(HttpClientResponse::statusCode);

    assertThat(await(status)).isEqualTo(413);
  }

  @Test
  void a_client_that_asks_before_it_sends_is_told_to_go_on_only_with_a_token() {
    ApiFixture api = start();

    assertThat(await(askFirst(api, "Bearer " + api.token(ACME)))).isEqualTo("continue 200");
    assertThat(await(askFirst(api, "Bearer nonsense"))).isEqualTo("403");
  }

  @Test
  void every_event_is_on_exactly_one_page() {
    ApiFixture api = start();
    ApiClient acme = new ApiClient(api, ACME);
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      String body = json("{'eventName':'configuration.plan.created','new':{'id':'p" + i + "'}}");
      made.addFirst(
          parsed(acme.post("events", body))
              .getJsonArray("accepted")
              .getJsonObject(0)
              .getString("id"));
    }

    List<String> listed = new ArrayList<>();
    String next = "";
    while (next != null) {
      JsonObject page = parsed(acme.get("events?pageSize=3&nextToken=" + next));
      page.getJsonArray("data").forEach(item -> listed.add(((JsonObject) item).getString("id")));
      next = page.getString("nextToken");
    }

    assertThat(listed).isEqualTo(made);
  }

  @Test
  void an_organization_with_too_many_calls_under_way_waits_and_others_do_not() {
    Held held = new Held();
    ApiFixture api = start(ApiFixture.settings(2, 10, 1), held);
    ApiClient acme = new ApiClient(api, ACME);
    Future<HttpResponse<Buffer>> first = acme.send(HttpMethod.GET, "events", null);
    held.awaitEntered(1);

    HttpResponse<Buffer> refused = acme.get("events");
    Future<HttpResponse<Buffer>> others =
        new ApiClient(api, BOLT).send(HttpMethod.GET, "events", null);
    held.awaitEntered(1);
    held.release();

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.getHeader("retry-after")).isEqualTo("1");
    assertThat(parsed(refused).getString("code")).isEqualTo("too_many_requests");
    assertThat(await(first).statusCode()).isEqualTo(200);
    assertThat(await(others).statusCode()).isEqualTo(200);
    assertThat(refusals(api, "organization")).isEqualTo(1);
  }

  @Test
  void a_server_with_too_many_calls_under_way_refuses_management_and_still_takes_events() {
    Held held = new Held();
    ApiFixture api = start(ApiFixture.settings(1, 0, 10), held);
    ApiClient acme = new ApiClient(api, ACME);
    Future<HttpResponse<Buffer>> first = acme.send(HttpMethod.GET, "events", null);
    held.awaitEntered(1);

    HttpResponse<Buffer> refused = new ApiClient(api, BOLT).get("events");
    HttpResponse<Buffer> stored =
        acme.post("events", json("{'eventName':'configuration.plan.created','new':{'id':'p'}}"));
    held.release();

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.getHeader("retry-after")).isEqualTo("1");
    assertThat(parsed(refused).getString("code")).isEqualTo("busy");
    assertThat(stored.statusCode()).isEqualTo(200);
    assertThat(await(first).statusCode()).isEqualTo(200);
    assertThat(refusals(api, "server")).isEqualTo(1);
  }

  @Test
  void a_store_that_cannot_be_reached_is_told_apart_from_a_defect() {
    ApiFixture api =
        start(
            ApiFixture.settings(8, 8, 8),
            new Held() {
              @Override
              public Page<StoredEvent> list(Viewer viewer, Filter filter, PageRequest page) {
                throw new StoreUnavailable("eventList failed", new IllegalStateException());
              }

              @Override
              public Optional<StoredEvent> find(Viewer viewer, EventId id) {
                throw new IllegalStateException("a secret of ours");
              }
            });
    ApiClient acme = new ApiClient(api, ACME);

    HttpResponse<Buffer> unavailable = acme.get("events");
    HttpResponse<Buffer> defect = acme.get("events/" + ACME.organization());

    assertThat(unavailable.statusCode()).isEqualTo(503);
    assertThat(unavailable.getHeader("retry-after")).isEqualTo("1");
    assertThat(unavailable.bodyAsString())
        .isEqualTo(
            "{\"message\":\"the store cannot be reached at the moment\",\"code\":\"unavailable\"}");
    assertThat(defect.statusCode()).isEqualTo(500);
    assertThat(defect.bodyAsString())
        .isEqualTo("{\"message\":\"internal error\",\"code\":\"internal_error\"}");
  }

  @Test
  void health_and_metrics_need_no_token() {
    ApiFixture api = start();

    assertThat(get(api, "/health/live").bodyAsString()).isEqualTo("{\"status\":\"UP\"}");
    assertThat(get(api, "/health/ready").bodyAsString()).isEqualTo("{\"status\":\"UP\"}");
    api.degraded.add("no room from Monday on");
    assertThat(get(api, "/health/ready").statusCode()).isEqualTo(200);
    assertThat(get(api, "/health/ready").bodyAsString())
        .isEqualTo("{\"status\":\"UP\",\"degraded\":[\"no room from Monday on\"]}");
    api.degraded.clear();
    api.members.add(new Operations.Member("n1", "10.0.0.1:5701", "2026-11-27T10:00:00Z", true));
    assertThat(get(api, "/health/ready").bodyAsString())
        .isEqualTo(
            "{\"status\":\"UP\",\"members\":[{\"node\":\"n1\",\"address\":\"10.0.0.1:5701\","
                + "\"since\":\"2026-11-27T10:00:00Z\",\"heard\":true}]}");
    api.members.clear();
    api.missing.add("database");
    api.missing.add("partitions");
    assertThat(get(api, "/health/ready").statusCode()).isEqualTo(503);
    assertThat(get(api, "/health/ready").bodyAsString())
        .isEqualTo("{\"status\":\"DOWN\",\"missing\":[\"database\",\"partitions\"]}");
    assertThat(get(api, "/metrics").getHeader("content-type"))
        .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(get(api, "/metrics").bodyAsString()).isEqualTo("tocsin_up 1.0\n");
  }

  @Test
  void an_address_or_headers_that_are_too_long_are_told_so_in_json() {
    ApiFixture api = start();
    String long17k = "x".repeat(17 << 10);

    HttpResponse<Buffer> address = get(api, "/" + long17k);
    HttpResponse<Buffer> headers =
        await(
            ContractCheck.client(api.vertx)
                .get(api.port(), "127.0.0.1", "/health/live")
                .putHeader("x-long", long17k)
                .send());

    assertThat(address.statusCode()).isEqualTo(414);
    assertThat(parsed(address).getString("code")).isEqualTo("too_long");
    assertThat(headers.statusCode()).isEqualTo(431);
    assertThat(parsed(headers).getString("code")).isEqualTo("too_long");
  }

  @Test
  void all_instances_listen_on_one_free_port() {
    assertThat(start().ports).hasSize(1);
  }

  @Test
  void a_stopping_server_answers_what_it_has_and_takes_nothing_new() {
    Held held = new Held();
    ApiFixture api = start(ApiFixture.settings(8, 8, 8), held);
    ApiClient acme = new ApiClient(api, ACME);
    Future<HttpResponse<Buffer>> inFlight = acme.send(HttpMethod.GET, "events", null);
    held.awaitEntered(1);

    Future<Void> stopped = api.stop();
    Future<HttpResponse<Buffer>> late =
        ContractCheck.client(api.vertx).get(api.port(), "127.0.0.1", "/health/live").send();
    assertThat(await(late.map(HttpResponse::statusCode).otherwise(-1))).isIn(-1, 503);
    assertThat(stopped.isComplete()).isFalse();
    held.release();

    assertThat(await(inFlight).statusCode()).isEqualTo(200);
    await(stopped);
  }

  private ApiFixture start() {
    return started(ApiFixture.start());
  }

  private ApiFixture start(ApiSettings settings, Events events) {
    return started(
        ApiFixture.start(
            settings,
            stores ->
                new Api.Stores(
                    events,
                    stores.notifications(),
                    stores.webhooks(),
                    stores.integrations(),
                    stores.runs(),
                    stores.ruleStatuses(),
                    stores.entities(),
                    stores.scheduledEvents(),
                    stores.dues(),
                    stores.learnedFields(),
                    stores.policies(),
                    stores.serviceUsers(),
                    stores.organizations(),
                    stores.rehearsals())));
  }

  private ApiFixture started(ApiFixture api) {
    started = api;
    return api;
  }

  private static Future<String> askFirst(ApiFixture api, String authorization) {
    Buffer event =
        Buffer.buffer(json("{'eventName':'configuration.plan.created','new':{'id':'p'}}"));
    StringBuilder seen = new StringBuilder();
    return api.vertx
        .createHttpClient()
        .request(HttpMethod.POST, api.port(), "127.0.0.1", eventsPath())
        .compose(request -> {
          request
              .putHeader("authorization", authorization)
              .putHeader("expect", "100-continue")
              .putHeader("content-length", Integer.toString(event.length()))
              .continueHandler(nothing -> {
                seen.append("continue ");
                request.end(event);
              });
          return request.sendHead().compose(sent -> request.response());
        })
        .map(response -> seen.append(response.statusCode()).toString());
  }

  private static String eventsPath() {
    return "/organizations/" + ACME.organization() + "/events";
  }

  private static HttpRequest<Buffer> events(ApiFixture api) {
    return ContractCheck.client(api.vertx)
        .post(api.port(), "127.0.0.1", eventsPath())
        .bearerTokenAuthentication(api.token(ACME));
  }

  private static HttpResponse<Buffer> get(ApiFixture api, String path) {
    return await(ContractCheck.client(api.vertx).get(api.port(), "127.0.0.1", path).send());
  }

  private static double refusals(ApiFixture api, String scope) {
    return api.meters.get("tocsin.api.management.refused").tag("scope", scope).counter().count();
  }

  private static List<String> ids(ApiClient client, String path) {
    List<String> ids = new ArrayList<>();
    parsed(client.get(path))
        .getJsonArray("data")
        .forEach(item -> ids.add(((JsonObject) item).getString("id")));
    return ids;
  }

  /** Events that nobody gets to see until the test lets go. */
  private static class Held implements Events {
    private final Semaphore entered = new Semaphore(0);
    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public Page<StoredEvent> list(Viewer viewer, Filter filter, PageRequest page) {
      entered.release();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return new Page<>(List.of(), false);
    }

    @Override
    public Optional<StoredEvent> find(Viewer viewer, EventId id) {
      return Optional.empty();
    }

    @Override
    public List<StoredEvent> action(
        Viewer viewer, Collection<EventId> ids, boolean actioned, Instant now) {
      return List.of();
    }

    void awaitEntered(int calls) {
      entered.acquireUninterruptibly(calls);
    }

    void release() {
      released.countDown();
    }
  }
}
