package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.ApiClient.Answer;
import dev.tocsin.process.Receiver;
import dev.tocsin.process.Receiver.Inbox;
import dev.tocsin.process.Receiver.Reply;
import dev.tocsin.store.PostgresFixture;
import dev.tocsin.stream.SseClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random policies of a service user, and what he then sees by every way there is, against a plain
 * model. On a whole server: it is SQL that hides, and what is hidden is made by its stages.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VisibilityHttpTest {
  private static final long SEED = Long.getLong("visibility.seed", 20261127L);
  private static final int CASES = 300;
  private static final Account ADMIN = new Account(new UUID(0, 0xACE).toString(), "admin-key", "s");
  private static final List<String> ENTITIES = List.of("product", "plan", "account", "commitment");
  private static final String SCHEDULED = "scheduled.commitment.end";
  private static final List<String> IDS = List.of("x-1", "x-2", "X-3");

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private final Random random = new Random(SEED);

  /** By id, in the order of the stream. */
  private final Map<String, JsonObject> events = new LinkedHashMap<>();

  private final Set<String> actioned = new HashSet<>();
  private List<JsonObject> runs = List.of();
  private List<String> rules = List.of();
  private @Nullable Server server;
  private ApiClient admin;
  private ApiClient reader;
  private String token;
  private String policy;
  private List<String> deniable = List.of();
  private int hidden;
  private int seen;

  @BeforeAll
  void events_and_what_they_set_off(@TempDir Path home) throws Exception {
    System.out.println("visibility.seed=" + SEED);
    WholeServers.declare(home, ADMIN, "open", "");
    server =
        WholeServers.start(
            postgres,
            home,
            Map.of(
                "TOCSIN_DELIVERY_ALLOWED_NETWORKS", "127.0.0.0/8",
                "TOCSIN_DELIVERY_RETRY_DELAYS", "PT0.02S",
                "TOCSIN_DELIVERY_SWEEP_EVERY", "PT0.02S"));
    admin = client(ADMIN);
    try (Receiver receiver = Receiver.start("secret", new Inbox())) {
      receiver.answer(request -> Reply.of(401));
      fill(receiver);
    }
    makeReader();
  }

  private ApiClient client(Account of) {
    return WholeServers.client(Objects.requireNonNull(server), of);
  }

  private void fill(Receiver receiver) throws Exception {
    admin.create(
        "/scheduledevents/configurations",
        new JsonObject()
            .put("name", SCHEDULED)
            .put("entity", "Commitment")
            .put("field", "endDate")
            .put("offset", 1));
    String webhook = admin.webhook("hook", receiver.url("/hook"), "k", "s");
    String delivered = admin.ruleThatAlwaysFires("commitments", "configuration.commitment.created");
    String noted = admin.ruleThatAlwaysFires("products", "configuration.product.created");
    String link = admin.link(delivered, webhook);
    rules = List.of(delivered, noted);
    for (int i = 0; i < 60; i++) {
      admin.events(posted(one(ENTITIES)));
    }
    String underWay =
        "select (select count(*) from integration_run where dt_completed is null)"
            + " + (select count(*) from integration_failure where tell_at is not null)";
    for (int tries = 0; !postgres.value(underWay).equals("0"); tries++) {
      assertThat(tries).as("tries until nothing is under way").isLessThan(5_000);
    }
    admin.events(anybodys());
    runs = admin.list("/integrationruns");
    assertThat(runs).hasSizeGreaterThan(5);
    follow();
    deniable =
        List.of(
            "config:webhook/*",
            "config:webhook/item/" + webhook.toUpperCase(Locale.ROOT),
            "config:integrationconfiguration/item/" + link,
            "config:notificationconfiguration/*",
            "config:notificationconfiguration/item/" + delivered,
            "config:notificationconfiguration/item/" + noted);
  }

  private void makeReader() throws Exception {
    String user = admin.create("/serviceusers", new JsonObject().put("name", "reader"));
    policy = admin.create("/permissionpolicies", policy(List.of(everything("allow", "all"))));
    admin
        .post(
            "/permissionpolicies/" + policy + "/addtoserviceuser",
            new JsonObject().put("principalId", user))
        .ok();
    JsonObject key = admin.call("POST", "/serviceusers/" + user + "/accesskeys", null).ok();
    reader =
        client(
            new Account(ADMIN.organization(), key.getString("accessKey"), key.getString("secret")));
    token = reader.token().ok().getString("access_token");
  }

  private static JsonObject everything(String effect, String action) {
    return VisibilityModel.statement(effect, action, List.of("*"));
  }

  private static JsonObject policy(List<JsonObject> statements) {
    return new JsonObject()
        .put("name", "random")
        .put("permissionPolicy", new JsonArray(statements));
  }

  @AfterAll
  void close() {
    Stream.of(admin, reader).filter(Objects::nonNull).forEach(ApiClient::close);
    Objects.requireNonNull(server).close();
  }

  @Test
  void everybody_sees_by_every_way_what_the_model_says() throws Exception {
    for (int number = 0; number < CASES; number++) {
      List<JsonObject> statements = statements();
      long version = admin.get("/permissionpolicies/" + policy).ok().getLong("version");
      admin.put("/permissionpolicies/" + policy, policy(statements).put("version", version)).ok();
      boolean mayWrite = statements.stream().anyMatch(VisibilityHttpTest::allowsMarking);
      try {
        check(new VisibilityModel(statements), mayWrite, number % 15 == 0);
      } catch (AssertionError e) {
        throw new AssertionError("case " + number + ", seed " + SEED + ": " + statements, e);
      }
    }
    assertThat(hidden).as("hidden in all").isGreaterThan(CASES * 5);
    assertThat(seen).as("seen in all").isGreaterThan(CASES * 5);
  }

  private static boolean allowsMarking(JsonObject statement) {
    return statement.getString("effect").equalsIgnoreCase("allow")
        && statement.getJsonArray("action").contains("all")
        && statement.getJsonArray("resource").stream()
            .anyMatch(List.of("*", "config:*", "config:event/*", "config:event/item/*")::contains);
  }

  private void check(VisibilityModel model, boolean mayWrite, boolean isLive) throws Exception {
    types(model);
    one(model);
    runs(model);
    if (model.isDenied("event")) {
      for (String path : List.of("/events", "/events/types", "/events/stream", "/events/fields")) {
        assertThat(reader.get(path).status()).as(path).isEqualTo(403);
      }
      return;
    }
    list(model);
    mark(model, mayWrite);
    resume(model);
    if (isLive) {
      live(model);
    }
  }

  private boolean shows(VisibilityModel model, JsonObject event) {
    return model.shows(event, events);
  }

  // Lists.

  private void list(VisibilityModel model) throws Exception {
    JsonObject like = one(List.copyOf(events.values()));
    String rule = one(rules);
    List<String> some = events.keySet().stream().filter(id -> random.nextInt(8) == 0).toList();
    record Asked(String query, Predicate<JsonObject> filter) {}
    boolean isRuleHidden =
        model.isDenied("notificationconfiguration")
            || model.isItemDenied("notificationconfiguration", rule);
    Asked asked =
        switch (random.nextInt(8)) {
          case 0 -> asked(Asked::new, "eventName", like);
          case 1 -> asked(Asked::new, "eventType", like);
          case 2 -> asked(Asked::new, "accountId", like);
          case 3 -> asked(Asked::new, "resourceId", like);
          case 4 ->
              new Asked("&notificationId=" + rule, event -> !isRuleHidden && fired(rule, event));
          case 5 ->
              new Asked(
                  "&ids=" + String.join(",", some),
                  event -> some.isEmpty() || some.contains(event.getString("id")));
          case 6 ->
              new Asked(
                  "&includeActioned=false", event -> !actioned.contains(event.getString("id")));
          default -> new Asked("", event -> true);
        };
    List<String> expected =
        events.values().stream()
            .filter(event -> shows(model, event) && asked.filter().test(event))
            .map(event -> event.getString("id"))
            .sorted((one, other) -> other.compareTo(one))
            .toList();
    hidden += events.size() - expected.size();
    seen += expected.size();
    assertThat(pages("/events", 1 + random.nextInt(20), asked.query()))
        .as(asked.query())
        .isEqualTo(expected);
  }

  private interface Asking<T> {
    T of(String query, Predicate<JsonObject> filter);
  }

  private static <T> T asked(Asking<T> asking, String property, JsonObject like) {
    String value = like.getString(property);
    return value == null
        ? asking.of("", event -> true)
        : asking.of("&" + property + "=" + value, event -> value.equals(event.getString(property)));
  }

  private boolean fired(String rule, JsonObject event) {
    return events.values().stream()
        .filter(one -> one.getString("eventName").startsWith("notification."))
        .map(VisibilityHttpTest::told)
        .anyMatch(told ->
            told.getString("notificationId").equals(rule)
                && told.getString("causeEventId").equals(event.getString("id")));
  }

  private static JsonObject told(JsonObject event) {
    return event.getJsonObject("m3terEvent").getJsonObject("eventData").getJsonObject("newDto");
  }

  /** The ids of all pages, each of which but the last must be full. */
  private List<String> pages(String path, int size, String query) throws Exception {
    List<String> ids = new ArrayList<>();
    String next = "";
    while (next != null) {
      JsonObject page = reader.get(path + "?pageSize=" + size + query + next).ok();
      JsonArray data = page.getJsonArray("data");
      data.forEach(one -> ids.add(((JsonObject) one).getString("id")));
      next = page.getString("nextToken");
      if (next != null) {
        assertThat(data).as("a page that is not the last").hasSize(size);
        next = "&nextToken=" + next;
      } else {
        assertThat(data.isEmpty() && !ids.isEmpty()).as("an empty page after others").isFalse();
      }
    }
    return ids;
  }

  // Single events.

  private void one(VisibilityModel model) throws Exception {
    JsonObject event = one(List.copyOf(events.values()));
    String id = event.getString("id");
    boolean isRefused = model.isDenied("event") || model.isItemDenied("event", id);
    int expected = isRefused ? 403 : shows(model, event) ? 200 : 404;
    assertThat(reader.get("/events/" + id).status()).as("%s", event).isEqualTo(expected);
    Answer evaluated =
        reader.post(
            "/notifications/evaluate",
            new JsonObject().put("calculation", "1 == 1").put("eventId", id));
    // Of a denied event it is said either that it is, or that there is no such event.
    Set<Integer> statuses = isRefused ? Set.of(403, 404) : Set.of(expected);
    assertThat(evaluated.status())
        .as("evaluated on %s", event)
        .isIn(model.isDenied("notificationconfiguration") ? Set.of(403) : statuses);
  }

  private void mark(VisibilityModel model, boolean mayWrite) throws Exception {
    List<String> some = events.keySet().stream().filter(id -> random.nextInt(8) == 0).toList();
    if (some.isEmpty()) {
      return;
    }
    boolean isActioned = random.nextBoolean();
    Answer marked =
        reader.put(
            "/events/actioned", new JsonObject().put("ids", some).put("actioned", isActioned));
    if (!mayWrite) {
      assertThat(marked.status()).isEqualTo(403);
      return;
    }
    List<String> visible =
        some.stream().filter(id -> shows(model, Objects.requireNonNull(events.get(id)))).toList();
    assertThat(
            marked.ok().getJsonArray("data").stream()
                .map(one -> ((JsonObject) one).getString("id")))
        .as("marked of %s", some)
        .containsExactlyInAnyOrderElementsOf(visible);
    if (isActioned) {
      actioned.addAll(visible);
    } else {
      visible.forEach(actioned::remove);
    }
    assertThat(
            admin.list("/events?ids=" + String.join(",", some)).stream()
                .filter(one -> one.getString("dtActioned") != null)
                .map(one -> one.getString("id")))
        .as("marked behind the reader's back")
        .containsExactlyInAnyOrderElementsOf(some.stream().filter(actioned::contains).toList());
  }

  // Types and fields.

  private void types(VisibilityModel model) throws Exception {
    if (model.isDenied("event")) {
      return;
    }
    JsonArray types = reader.get("/events/types").ok().getJsonArray("events");
    for (String entity : ENTITIES) {
      String name = "configuration." + entity + ".created";
      boolean isThere = !model.isDenied(entity);
      assertThat(types.contains(name)).as(name).isEqualTo(isThere);
      for (String path : List.of("/events/fields", "/catalog/fields")) {
        assertThat(reader.get(path + "?eventName=" + name).status())
            .as("%s of %s", path, name)
            .isEqualTo(isThere ? 200 : 400);
      }
    }
  }

  // Runs.

  private void runs(VisibilityModel model) throws Exception {
    if (model.isDenied("integrationrun")) {
      assertThat(reader.get("/integrationruns").status()).isEqualTo(403);
      return;
    }
    List<String> expected =
        runs.stream()
            .filter(run -> model.showsRun(run, events))
            .map(run -> run.getString("id"))
            .toList();
    assertThat(pages("/integrationruns", 1 + random.nextInt(5), "")).isEqualTo(expected);
    JsonObject run = one(runs);
    String id = run.getString("id");
    for (String path : List.of("/integrationruns/" + id, "/integrationruns/logs/" + id)) {
      assertThat(reader.get(path).status())
          .as("%s %s", path, run)
          .isEqualTo(expected.contains(id) ? 200 : 404);
    }
  }

  // Streams.

  private void resume(VisibilityModel model) throws Exception {
    List<String> order = List.copyOf(events.keySet());
    String last = one(order);
    try (SseClient stream = stream("?lastEventId=" + last)) {
      boolean isVisible = shows(model, Objects.requireNonNull(events.get(last)));
      assertThat(stream.status()).as("resumed after %s", last).isEqualTo(isVisible ? 200 : 404);
      if (isVisible) {
        List<String> after = visible(model, order.subList(order.indexOf(last) + 1, order.size()));
        assertThat(stream.nextIds(after.size())).isEqualTo(after);
      }
    }
  }

  private List<String> visible(VisibilityModel model, List<String> ids) {
    return ids.stream().filter(id -> shows(model, Objects.requireNonNull(events.get(id)))).toList();
  }

  /** What is posted while he listens, and again from the middle of it. */
  private void live(VisibilityModel model) throws Exception {
    int before = events.size();
    try (SseClient stream = stream("")) {
      assertThat(stream.status()).isEqualTo(200);
      for (int i = 0; i < 4; i++) {
        admin.events(posted(one(List.of("product", "plan", "account"))));
      }
      admin.events(anybodys());
      follow();
      List<String> order = List.copyOf(events.keySet());
      List<String> expected = visible(model, order.subList(before, order.size()));
      assertThat(stream.nextIds(expected.size())).as("live").isEqualTo(expected);
      int middle = random.nextInt(Math.max(1, expected.size()));
      if (!expected.isEmpty()) {
        try (SseClient resumed = stream("?lastEventId=" + expected.get(middle))) {
          assertThat(resumed.nextIds(expected.size() - middle - 1))
              .as("live and resumed")
              .isEqualTo(expected.subList(middle + 1, expected.size()));
        }
      }
    }
  }

  private SseClient stream(String query) {
    return SseClient.open(
        postgres.vertx(),
        Objects.requireNonNull(server).port(),
        "/organizations/" + ADMIN.organization() + "/events/stream" + query,
        token,
        Map.of());
  }

  /** Takes up what is stored since, in the order in which everybody is sent it. */
  private void follow() throws Exception {
    Map<String, JsonObject> stored = new LinkedHashMap<>();
    admin.list("/events").forEach(event -> stored.put(event.getString("id"), event));
    String order = postgres.value("select string_agg(id::text, ',' order by xid, id) from event");
    Stream.of(order.split(",", -1))
        .forEach(id -> events.putIfAbsent(id, Objects.requireNonNull(stored.get(id))));
  }

  // What is random.

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private JsonObject posted(String entity) {
    JsonObject state = new JsonObject().put("id", one(IDS));
    if (!entity.equals("account") && random.nextBoolean()) {
      state.put("accountId", one(IDS));
    }
    return switch (random.nextInt(13)) {
      case 12 ->
          event(SCHEDULED, state.put("scheduled", new JsonObject().put("entity", capital(entity))));
      case 10 -> event(entity + ".sold", state);
      case 11 -> event("shop.eu." + one(ENTITIES) + "." + entity, state);
      case 0 -> event("integration." + entity + ".create", state);
      case 1 -> event("configuration.commitment.created", state.put("endDate", "soon"));
      case 2 -> event("configuration." + entity + ".updated", state);
      case 3 -> anybodys();
      default -> event("configuration." + entity + ".created", state);
    };
  }

  private static String capital(String entity) {
    return entity.substring(0, 1).toUpperCase(Locale.ROOT) + entity.substring(1);
  }

  /** About no entity. */
  private static JsonObject anybodys() {
    return event("dataexport.job.failure", new JsonObject().put("reason", "disk"));
  }

  private static JsonObject event(String name, JsonObject state) {
    return new JsonObject().put("eventName", name).put("new", state);
  }

  private List<JsonObject> statements() {
    List<JsonObject> statements = new ArrayList<>();
    statements.add(
        random.nextInt(4) == 0
            ? everything("ALLOW", "CONFIG_RETRIEVE")
            : everything("allow", "all"));
    int more = random.nextInt(4);
    for (int i = 0; i < more; i++) {
      List<String> resources =
          Stream.generate(this::resource).limit(1 + random.nextInt(3)).toList();
      boolean isAllowing = random.nextInt(5) == 0;
      statements.add(
          VisibilityModel.statement(
              isAllowing ? "allow" : one(List.of("deny", "DENY")),
              one(List.of("all", "config:retrieve", "CONFIG_RETRIEVE")),
              resources));
    }
    statements.add(
        VisibilityModel.statement(
            "deny", one(List.of("config:delete", "CONFIG_DELETE")), List.of("config:*")));
    return statements;
  }

  private String resource() {
    return switch (random.nextInt(40)) {
      case 0 -> one(List.of("config:event/*", "config:event/item/*", "config:*", "*"));
      case 1, 2, 3, 4 -> one(deniable);
      case 5, 6, 7, 8 -> "config:event/item/" + one(List.copyOf(events.keySet()));
      case 9 -> "measurements:" + one(ENTITIES) + "/*";
      case 10, 11, 12, 13, 14, 15 -> "config:" + one(ENTITIES) + "/*";
      case 16 -> "config:" + one(ENTITIES) + "/item/*";
      default -> "config:" + one(ENTITIES) + "/item/" + one(IDS);
    };
  }
}
