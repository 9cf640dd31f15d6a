package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.ADMINISTRATOR;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Caller;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Statement;
import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.flow.EventsStored;
import dev.tocsin.flow.Flow;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.stream.SseClient;
import dev.tocsin.stream.SseClient.Frame;
import dev.tocsin.stream.StreamSettings;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamHttpTest {
  private final List<SseClient> clients = new ArrayList<>();
  private ApiFixture api = ApiFixture.start();

  @AfterEach
  void close() {
    clients.forEach(SseClient::close);
    api.close();
  }

  @Test
  void an_event_is_streamed_as_it_is_read_with_its_id_and_name() {
    SseClient stream = open(ACME, "");
    assertThat(stream.status()).isEqualTo(200);
    assertThat(stream.header("content-type")).isEqualTo("text/event-stream");
    assertThat(stream.header("cache-control")).isEqualTo("no-store");
    assertThat(stream.header("x-accel-buffering")).isEqualTo("no");
    assertThat(stream.header("transfer-encoding")).isEqualTo("chunked");
    assertThat(stream.nextComment()).isEqualTo("retry: 2000");

    String id = post("product", "p-1");
    Frame frame = stream.next();
    assertThat(frame.id()).isEqualTo(id);
    assertThat(frame.event()).isEqualTo("configuration.product.created");
    assertThat(frame.data()).isEqualTo(read(id).bodyAsString());
  }

  @Test
  void a_payload_of_several_lines_stays_one_event() {
    SseClient stream = open(ACME, "");
    HttpResponse<Buffer> posted =
        client(ACME)
            .post(
                "events",
                "{\"eventName\":\"configuration.product.created\",\"new\":{\n\"id\":\r\n\"p\",\r\"a\":1}}");

    Frame frame = stream.next();
    assertThat(frame.id()).isEqualTo(accepted(posted));
    assertThat(new JsonObject(frame.data()))
        .isEqualTo(new JsonObject(read(accepted(posted)).bodyAsString()));
  }

  @Test
  void only_events_of_the_names_and_types_that_were_asked_for_are_streamed() {
    SseClient names =
        open(
            ACME,
            "?eventName=configuration.plan.created,configuration.bill.created"
                + "&eventName=configuration.account.created");
    SseClient types = open(ACME, "?eventType=CustomEvent,ConfigurationEvent");
    SseClient both = open(ACME, "?eventType=CustomEvent&eventName=configuration.plan.created");
    String product = post("product", "1");
    String plan = post("plan", "1");
    String account = post("account", "1");
    String custom = add(ACME, "custom.plan.created", Category.CUSTOM, "{}");
    String last = add(ACME, "configuration.plan.created", Category.CUSTOM, "{}");

    assertThat(names.nextIds(3)).containsExactly(plan, account, last);
    assertThat(types.nextIds(5)).containsExactly(product, plan, account, custom, last);
    assertThat(both.next().id()).isEqualTo(last);
  }

  @Test
  void a_query_that_makes_no_sense_is_refused_with_all_that_is_wrong() {
    SseClient stream = open(ACME, "?eventType=Custom&lastEventId=7&eventName=" + "a,".repeat(101));

    assertThat(stream.status()).isEqualTo(400);
    JsonObject error = new JsonObject(stream.body());
    assertThat(error.getString("code")).isEqualTo("bad_parameter");
    assertThat(
            error.getJsonArray("errors").stream()
                .map(one -> ((JsonObject) one).getString("parameter")))
        .containsExactlyInAnyOrder("eventType", "lastEventId", "eventName");
  }

  /** Also when the address has one that is right: the header counts. */
  @Test
  void what_is_wrong_with_the_header_is_not_blamed_on_the_parameter() {
    String last = post("product", "1");
    for (String query : List.of("", "?lastEventId=" + last)) {
      SseClient bad = open(ACME, query, Map.of("Last-Event-ID", "7"));
      assertThat(bad.status()).isEqualTo(400);
      assertNamesHeader(bad, "must be the id of an event");
      SseClient unknown = open(ACME, query, Map.of("Last-Event-ID", api.ids.next().toString()));
      assertThat(unknown.status()).isEqualTo(404);
      assertNamesHeader(
          unknown, "there is no such event to go on after, it may have expired: start without it");
    }
    assertThat(open(ACME, "?lastEventId=" + api.ids.next()).body())
        .contains("{\"parameter\":\"lastEventId\"");
  }

  private static void assertNamesHeader(SseClient stream, String message) {
    JsonObject error = new JsonObject(stream.body());
    assertThat(error.getString("message")).isEqualTo("Last-Event-ID: " + message);
    assertThat(error.getJsonArray("errors").getJsonObject(0))
        .isEqualTo(new JsonObject().put("header", "Last-Event-ID").put("message", message));
  }

  @Test
  void a_client_resumes_after_the_event_it_got_last_by_header_or_query_and_the_header_wins() {
    String first = post("product", "1");
    String second = post("product", "2");
    String third = post("product", "3");

    SseClient byHeader = open(ACME, "", Map.of("Last-Event-ID", first));
    assertThat(byHeader.nextIds(2)).containsExactly(second, third);
    SseClient byQuery = open(ACME, "?lastEventId=" + second);
    assertThat(byQuery.next().id()).isEqualTo(third);
    SseClient byBoth = open(ACME, "?lastEventId=" + first, Map.of("Last-Event-ID", second));
    assertThat(byBoth.next().id()).isEqualTo(third);

    String fourth = post("product", "4");
    for (SseClient stream : List.of(byHeader, byQuery, byBoth)) {
      assertThat(stream.next().id()).isEqualTo(fourth);
    }
  }

  @Test
  void whatever_event_a_client_may_not_resume_after_looks_as_if_it_never_was() {
    api.permit(
        ACME, ADMINISTRATOR, new Statement("deny", List.of("all"), List.of("config:product/*")));
    String hidden = add(ACME, "configuration.product.created", Category.CONFIGURATION, "{}");
    String others = add(BOLT, "configuration.plan.created", Category.CONFIGURATION, "{}");
    String none = api.ids.next().toString();

    List<String> answers =
        Stream.of(hidden, others, none)
            .map(id -> {
              SseClient stream = open(ACME, "", Map.of("Last-Event-ID", id));
              assertThat(stream.status()).isEqualTo(404);
              return stream.body();
            })
            .toList();
    assertThat(answers.getFirst()).contains("start without it").contains("\"not_found\"");
    assertThat(Set.copyOf(answers)).hasSize(1);
    assertThat(api.meters.get("tocsin.stream.open").gauge().value()).isZero();
  }

  @Test
  void events_that_are_hidden_are_streamed_neither_live_nor_to_who_resumes() {
    api.permit(
        ACME,
        ADMINISTRATOR,
        new Statement("deny", List.of("all"), List.of("config:product/*")),
        new Statement("deny", List.of("all"), List.of("config:account/item/a-1")));
    SseClient live = open(ACME, "");
    String first = post("plan", "1");
    post("product", "1");
    post("account", "a-1");
    String second = post("account", "a-2");

    assertThat(live.nextIds(2)).containsExactly(first, second);
    SseClient resumed = open(ACME, "", Map.of("Last-Event-ID", first));
    assertThat(resumed.next().id()).isEqualTo(second);
  }

  @Test
  void other_organizations_events_are_not_streamed_and_no_stream_opens_for_another() {
    SseClient stream = open(BOLT, "");
    post("product", "1");
    String own = add(BOLT, "configuration.plan.created", Category.CONFIGURATION, "{}");
    assertThat(stream.next().id()).isEqualTo(own);

    SseClient refused =
        remember(
            SseClient.open(
                api.vertx,
                api.port(),
                "/organizations/" + ACME.organization() + "/events/stream",
                api.token(BOLT),
                Map.of()));
    assertThat(refused.status()).isEqualTo(403);
  }

  @Test
  void a_stream_asks_for_the_right_to_read_events() {
    api.permit(ACME, new Statement("allow", List.of("all"), List.of("config:webhook/*")));
    SseClient refused = open(ACME, "");

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body()).contains("not_permitted");
  }

  @Test
  void a_revoked_key_ends_its_streams_and_no_others() {
    Caller ci = makeServiceUser();
    SseClient theirs = open(ci, "");
    SseClient mine = open(ACME, "");
    assertThat(theirs.status()).isEqualTo(200);

    client(ACME).delete("serviceusers/" + ci.serviceUser() + "/accesskeys/" + ci.accessKey());

    assertEnd(theirs, "revoked_token");
    String id = post("product", "1");
    assertThat(mine.next().id()).isEqualTo(id);
  }

  @Test
  void a_denial_counts_for_streams_that_are_open() {
    Caller ci = makeServiceUser();
    String policy = makePolicy("deny", "config:product/*");
    SseClient stream = open(ci, "");
    String first = post("product", "1");
    assertThat(stream.next().id()).isEqualTo(first);

    give(policy, ci);
    post("product", "2");
    String plan = post("plan", "1");
    assertThat(stream.next().id()).isEqualTo(plan);

    give(makePolicy("deny", "config:event/*"), ci);
    assertEnd(stream, "not_permitted");
  }

  @Test
  void a_token_that_expires_ends_its_stream() {
    SseClient stream = open(ACME, "");
    api.advance(Duration.ofHours(5));

    assertEnd(stream, "expired_token");
  }

  @Test
  void there_are_only_so_many_streams_and_who_leaves_makes_room() {
    restart(new StreamSettings(3, 2, 100, 2, Duration.ofMillis(50)), ApiFixture.STREAM_FORM);
    SseClient first = open(ACME, "");
    open(ACME, "");
    SseClient third = open(ACME, "");
    assertThat(third.status()).isEqualTo(429);
    assertThat(third.header("retry-after")).isEqualTo("1");
    assertThat(third.body()).contains("too_many_requests");
    open(BOLT, "");
    SseClient fifth = open(BOLT, "");
    assertThat(fifth.status()).isEqualTo(503);
    assertThat(fifth.header("retry-after")).isEqualTo("1");
    assertThat(fifth.body()).contains("busy");

    first.close();
    clients.remove(first);
    await(() -> api.meters.get("tocsin.stream.open").gauge().value() == 2);
    assertThat(open(ACME, "").status()).isEqualTo(200);
  }

  @Test
  void a_client_that_reads_slowly_gets_everything_when_it_reads_on() {
    restart(
        ApiFixture.STREAMS,
        new StreamForm(64 << 10, Duration.ofSeconds(60), Duration.ofSeconds(2)));
    SseClient slow =
        remember(SseClient.openUnread(api.vertx, api.port(), path(ACME, ""), api.token(ACME)));
    List<@Nullable String> all = addLarge(40);
    await(() -> api.meters.get("tocsin.stream.overflow").counter().count() >= 1);

    slow.read();
    assertThat(slow.nextIds(40)).isEqualTo(all);
  }

  /** Though its buffer has room for all: what it was sent is only in the way. */
  @Test
  void a_client_that_takes_nothing_is_cut_off_and_resumes_without_a_gap() {
    restart(
        ApiFixture.STREAMS,
        new StreamForm(64 << 20, Duration.ofMillis(500), Duration.ofSeconds(2)));
    SseClient stuck =
        remember(SseClient.openUnread(api.vertx, api.port(), path(ACME, ""), api.token(ACME)));
    List<@Nullable String> all = addLarge(60);
    await(() -> api.meters.get("tocsin.stream.open").gauge().value() == 0);
    assertThat(api.meters.get("tocsin.stream.stalled").counter().count()).isEqualTo(1);

    stuck.read();
    List<@Nullable String> got = new ArrayList<>();
    stuck.rest().forEach(frame -> got.add(frame.id()));
    assertThat(got).isEqualTo(all.subList(0, got.size())).isNotEqualTo(all);
    SseClient resumed =
        got.isEmpty()
            ? open(ACME, "?lastEventId=" + all.getFirst())
            : open(ACME, "?lastEventId=" + got.getLast());
    int from = Math.max(1, got.size());
    assertThat(resumed.nextIds(all.size() - from)).isEqualTo(all.subList(from, all.size()));
  }

  /** More than the sockets between have room for. */
  private List<@Nullable String> addLarge(int count) {
    List<@Nullable String> ids = new ArrayList<>();
    String large = "{\"id\":\"p\",\"text\":\"" + "x".repeat(250_000) + "\"}";
    for (int i = 0; i < count; i++) {
      ids.add(add(ACME, "configuration.product.created", Category.CONFIGURATION, large));
    }
    return ids;
  }

  @Test
  void a_silent_stream_is_kept_alive() {
    restart(
        ApiFixture.STREAMS, new StreamForm(1 << 20, Duration.ofMillis(100), Duration.ofSeconds(2)));
    SseClient stream = open(ACME, "");

    assertThat(stream.nextComment()).isEqualTo("retry: 2000");
    assertThat(stream.nextComment()).isEmpty();
    assertThat(stream.nextComment()).isEmpty();
  }

  /** It would wait for a minute otherwise. */
  @Test
  void a_server_that_stops_ends_its_streams() {
    api.close();
    api =
        ApiFixture.start(
            new ApiSettings(
                5 << 20,
                ApiSettings.MANAGEMENT_BODY_BYTES_MAX,
                256L << 20,
                64,
                512,
                64,
                Duration.ofSeconds(25),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofDays(1),
                CalculationLimits.DEFAULTS,
                ExplanationLimits.DEFAULTS),
            ApiFixture.STREAMS,
            ApiFixture.STREAM_FORM);
    SseClient stream = open(ACME, "");

    ApiFixture.await(api.stop());
    assertEnd(stream, "stopping");
  }

  @Test
  void the_path_is_no_event_and_has_no_other_method() {
    HttpResponse<Buffer> refused =
        ApiFixture.await(client(ACME).send(HttpMethod.DELETE, "events/stream", null));

    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.getHeader("allow")).isEqualTo("GET");
  }

  private void restart(StreamSettings streams, StreamForm form) {
    api.close();
    api = ApiFixture.start(ApiFixture.settings(64, 512, 64), streams, form);
  }

  private static void assertEnd(SseClient stream, String code) {
    List<Frame> rest = stream.rest();
    assertThat(rest).hasSize(1);
    assertThat(rest.getFirst().id()).isNull();
    assertThat(rest.getFirst().event()).isEqualTo("_end");
    assertThat(new JsonObject(rest.getFirst().data()).getString("code")).isEqualTo(code);
  }

  /** A service user of Acme's that may do everything. */
  private Caller makeServiceUser() {
    String user = parsed(client(ACME).post("serviceusers", json("{'name':'ci'}"))).getString("id");
    JsonObject key = parsed(client(ACME).post("serviceusers/" + user + "/accesskeys", ""));
    Caller made =
        new Caller(
            ACME.organization(),
            new ServiceUserId(UUID.fromString(user)),
            key.getString("accessKey"));
    give(makePolicy("allow", "*"), made);
    return made;
  }

  private String makePolicy(String effect, String resource) {
    String statement =
        "{'effect':'" + effect + "','action':['all'],'resource':['" + resource + "']}";
    return parsed(
            client(ACME)
                .post(
                    "permissionpolicies",
                    json("{'name':'one','permissionPolicy':[" + statement + "]}")))
        .getString("id");
  }

  private void give(String policy, Caller caller) {
    HttpResponse<Buffer> given =
        client(ACME)
            .post(
                "permissionpolicies/" + policy + "/addtoserviceuser",
                json("{'principalId':'" + caller.serviceUser() + "'}"));
    assertThat(given.statusCode()).isEqualTo(200);
  }

  private SseClient open(Caller caller, String query) {
    return open(caller, query, Map.of());
  }

  private SseClient open(Caller caller, String query, Map<String, String> headers) {
    return remember(
        SseClient.open(api.vertx, api.port(), path(caller, query), api.token(caller), headers));
  }

  private SseClient remember(SseClient stream) {
    clients.add(stream);
    return stream;
  }

  private static String path(Caller caller, String query) {
    return "/organizations/" + caller.organization() + "/events/stream" + query;
  }

  private ApiClient client(Caller caller) {
    return new ApiClient(api, caller);
  }

  /** Posts the creation of an entity for Acme; answers the event's id. */
  private String post(String entity, String id) {
    return accepted(
        client(ACME)
            .post(
                "events",
                json(
                    "{'eventName':'configuration."
                        + entity
                        + ".created','new':{'id':'"
                        + id
                        + "'}}")));
  }

  private static String accepted(HttpResponse<Buffer> posted) {
    return parsed(posted).getJsonArray("accepted").getJsonObject(0).getString("id");
  }

  private HttpResponse<Buffer> read(String id) {
    return client(ACME).get("events/" + id);
  }

  /** Stores an event past ingest. */
  private String add(Caller caller, String name, Category category, String payload) {
    EventId id = new EventId(api.ids.next());
    api.events.add(
        new StoredEvent(
            caller.organization(),
            id,
            new EventName(name),
            category,
            api.now(),
            "r",
            null,
            payload,
            null,
            null));
    api.bus.ring(Flow.EVENTS_STORED, new EventsStored(Set.of(caller.organization())));
    return id.toString();
  }

  /** Asks the server for something else until this holds. */
  private void await(BooleanSupplier holds) {
    for (int tries = 0; !holds.getAsBoolean() && tries < 5_000; tries++) {
      client(BOLT).get("events?pageSize=1");
    }
    assertThat(holds.getAsBoolean()).isTrue();
  }
}
