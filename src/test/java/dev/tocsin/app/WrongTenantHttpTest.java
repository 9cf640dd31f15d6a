package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.TenantWalk;
import dev.tocsin.api.TenantWalk.Name;
import dev.tocsin.api.TenantWalk.Pair;
import dev.tocsin.api.TenantWalk.Sent;
import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.Receiver;
import dev.tocsin.process.Receiver.Inbox;
import dev.tocsin.process.Receiver.Reply;
import dev.tocsin.store.PostgresFixture;
import dev.tocsin.stream.SseClient;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody of one organization walks through every operation of the contract with everything that
 * another organization has: he must be answered as if it had never been there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // The first compares what the second adds to.
class WrongTenantHttpTest {
  private static final String OWN = "ownjfkvp";
  private static final String OTHERS = "zmqxwjyk";
  private static final String NEVER = "quvhbdgt";
  private static final Account ACME =
      new Account(new UUID(0, 0xACE).toString(), OWN + "-admin", "s");
  private static final Account NOBODY =
      new Account(new UUID(0, 0xACE).toString(), OWN + "-nobody", "s");
  private static final Account BOLT =
      new Account("b017b017-b017-4017-8017-b017b017b017", OTHERS + "-admin", "s");
  private static final String NO_ORGANIZATION = "b017b017-b017-4017-8017-b017b017b018";

  private static final Set<String> TAKEN =
      Set.of(
          "GET /organizations/{orgId}/integrationruns/destinations/{destinationId}",
          "GET /organizations/{orgId}/integrationruns/{entityType}/{entityId}",
          "PUT /organizations/{orgId}/entities/{entity}/{entityId}",
          "PUT /organizations/{orgId}/catalog/entities/{id}");

  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, List<Name>> names = new HashMap<>();
  private @Nullable Server server;
  private Set<String> ids;
  private String before;
  private int fresh = 10_000_000;

  /** What was answered, without what differs between any two answers. */
  private record Answered(int status, Map<String, List<String>> headers, String body) {}

  @BeforeAll
  void two_organizations_that_have_one_of_everything(@TempDir Path home) throws Exception {
    WholeServers.declare(
        home,
        ACME,
        """
          - { name: nobody, accessKey: %s, secret: s, policies: [nothing] }
        policies:
          - name: nothing
            permissionPolicy: [{ effect: deny, action: [all], resource: ["*"] }]
        """
            .formatted(NOBODY.accessKey()));
    WholeServers.declare(home, BOLT, "");
    Inbox inbox = new Inbox();
    try (Receiver receiver = Receiver.start("secret", inbox)) {
      receiver.answer(request -> Reply.of(request.path().endsWith("-takes") ? 204 : 401));
      Server filled =
          WholeServers.start(
              postgres,
              home,
              Map.of(
                  "TOCSIN_DELIVERY_ALLOWED_NETWORKS", "127.0.0.0/8",
                  "TOCSIN_DELIVERY_RETRY_DELAYS", "PT0.02S",
                  "TOCSIN_DELIVERY_SWEEP_EVERY", "PT0.02S"));
      try (ApiClient acme = WholeServers.client(filled, ACME);
          ApiClient bolt = WholeServers.client(filled, BOLT)) {
        Map<String, List<String>> own = OneOfEverything.in(acme, receiver, inbox, OWN);
        Map<String, List<String>> others = OneOfEverything.in(bolt, receiver, inbox, OTHERS);
        name(own, others);
        awaitNothingUnderWay();
      }
      // What a server still had in hand is written when it stops: what is there then stays.
      filled.close();
    }
    server = WholeServers.start(postgres, home, Map.of());
    before = contents();
    ids = new HashSet<>();
    Matcher id = ID.matcher(before);
    while (id.find()) {
      ids.add(id.group());
    }
  }

  private void name(Map<String, List<String>> own, Map<String, List<String>> others) {
    others.forEach((thing, some) -> {
      for (int i = 0; i < some.size(); i++) {
        String other = some.get(i);
        String never = OneOfEverything.never(thing, other, OTHERS, NEVER);
        names
            .computeIfAbsent(thing, made -> new ArrayList<>())
            .add(new Name(Objects.requireNonNull(own.get(thing)).get(i), other, never));
      }
    });
    names.put(
        "organization",
        List.of(new Name(ACME.organization(), BOLT.organization(), NO_ORGANIZATION)));
  }

  private static void awaitNothingUnderWay() {
    String underWay =
        "select (select count(*) from integration_run where dt_completed is null)"
            + " + (select count(*) from integration_failure where tell_at is not null)"
            + " + (select count(*) from scheduled_arming where dt_completed is null)";
    for (int tries = 0; !postgres.value(underWay).equals("0"); tries++) {
      assertThat(tries).as("tries until nothing is under way").isLessThan(5_000);
    }
  }

  @AfterAll
  void close() {
    http.shutdownNow();
    http.close();
    if (server != null) {
      server.close();
    }
  }

  /** Every row of the other organization's, of every table. */
  private static String contents() {
    String all =
        postgres.value(
            """
            select string_agg(format(
              'select %L || coalesce(string_agg(t::text, chr(10) order by t::text), '''') from %I t'
              || ' where %I = %L', relname || ': ', relname, attname, '%s'), ' union all ')
            from pg_class c join pg_attribute a on attrelid = c.oid
            where relnamespace = current_schema::regnamespace and not relispartition
              and relkind in ('r', 'p')
              and attname = case relname when 'organization' then 'id' else 'organization_id' end
            """
                .replace("'%s'", "'" + BOLT.organization() + "'"));
    return postgres.value(
        "select string_agg(one, chr(10) order by one) from (" + all + ") as tables (one)");
  }

  @Test
  @Order(1)
  void whatever_another_organization_has_is_answered_as_if_it_had_never_been() throws Exception {
    TenantWalk walk = TenantWalk.through(thing -> names.getOrDefault(thing, List.of()));
    assertThat(walk.gaps()).isEmpty();
    assertThat(before).as("the marked rows of the other").contains(OTHERS + "-replay");
    List<String> differences = new ArrayList<>();
    for (Pair pair : walk.pairs()) {
      for (Account caller : List.of(ACME, NOBODY)) {
        boolean isAdministrator = caller.equals(ACME);
        String token = token(caller);
        Answered others = answered(pair, pair.others(), token);
        Answered never = answered(pair, pair.never(), token);

        if (!others.equals(never)) {
          differences.add(pair + ", by " + caller + ":\n  " + others + "\n  " + never);
        }
        int expected = pair.isForeignPath() || !isAdministrator ? 403 : 404;
        boolean isKnown = expected == 403 || pair.place().startsWith("path ");
        if (isKnown && others.status() != expected && (expected == 403 || !isTaken(pair))) {
          differences.add(pair + ", by " + caller + ": not " + expected + ": " + others);
        }
      }
    }

    assertThat(differences).isEmpty();
    assertThat(contents().lines())
        .as("the other's rows")
        .containsExactlyElementsOf(before.lines().toList());
  }

  /** Whatever they ask for, and live as well as resumed. */
  @Test
  @Order(2)
  void no_stream_has_events_of_another_organization() throws Exception {
    List<SseClient> streams = new ArrayList<>();
    try (ApiClient acme = WholeServers.client(Objects.requireNonNull(server), ACME);
        ApiClient bolt = WholeServers.client(Objects.requireNonNull(server), BOLT)) {
      String first = post(acme, "configuration.plan.created");
      streams.add(stream(""));
      streams.add(stream("?eventType=ConfigurationEvent,Notification,CustomEvent"));
      String asked = "configuration.plan.created,notification." + OTHERS + "-spent,";
      streams.add(stream("?eventName=" + asked + OTHERS + "family." + OTHERS + "lead.created"));
      post(bolt, "configuration.commitment.updated");
      post(bolt, "configuration.plan.created");
      streams.add(stream("?lastEventId=" + first));
      String last = post(acme, "configuration.plan.created");

      for (SseClient stream : streams) {
        assertThat(stream.next().id()).isEqualTo(last);
      }
    } finally {
      streams.forEach(SseClient::close);
    }
  }

  private static String post(ApiClient client, String name) throws Exception {
    JsonObject state = new JsonObject().put("id", "x").put("note", OTHERS);
    return client
        .events(new JsonObject().put("eventName", name).put("new", state))
        .accepted()
        .getFirst()
        .id();
  }

  private SseClient stream(String query) throws Exception {
    return SseClient.open(
        postgres.vertx(),
        Objects.requireNonNull(server).port(),
        "/organizations/" + ACME.organization() + "/events/stream" + query,
        token(ACME),
        Map.of());
  }

  /** Lists of what there is none of are empty, and what is put where nothing is, is made. */
  private static boolean isTaken(Pair pair) {
    return TAKEN.contains(pair.operation());
  }

  private Answered answered(Pair pair, Sent sent, String token) throws Exception {
    String number = Integer.toString(fresh++);
    if (sent.method().equals("DELETE") && sent.target().contains(own("entityId"))) {
      there(sent.target());
    }
    HttpResponse<InputStream> response =
        http.send(request(sent, token, number), HttpResponse.BodyHandlers.ofInputStream());
    String type = response.headers().firstValue("content-type").orElse("");
    String body;
    try (InputStream in = response.body()) {
      // A stream has no end.
      body =
          type.startsWith("text/event-stream")
              ? ""
              : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
    boolean isWritten = response.statusCode() == 200 && !sent.method().equals("GET");
    if (isWritten) {
      headers.remove("content-length");
    }
    String plain = unnamed(sent, body);
    assertUnheard(pair, plain + unnamed(sent, headers.toString()));
    return new Answered(
        response.statusCode(), headers, isWritten ? timeless(plain, number) : plain);
  }

  private HttpRequest request(Sent sent, String token, String number) throws Exception {
    String body = sent.body();
    if (body != null && sent.method().equals("PUT") && versioned(sent)) {
      body = new JsonObject(body).put("version", version(sent)).encode();
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address().resolve(sent.target()))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .method(
                sent.method(),
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.replace(TenantWalk.FRESH, number)));
    sent.headers().forEach(request::setHeader);
    return request.build();
  }

  private String own(String thing) {
    return Objects.requireNonNull(names.get(thing)).getFirst().own();
  }

  /** A state that is deleted is there each time. */
  private void there(String target) throws Exception {
    HttpRequest put =
        HttpRequest.newBuilder(address().resolve(target.replaceFirst("\\?.*", "")))
            .header("Authorization", "Bearer " + token(ACME))
            .PUT(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    http.send(put, HttpResponse.BodyHandlers.discarding());
  }

  private static boolean versioned(Sent sent) {
    return sent.target().contains("/catalog/")
        || (!sent.target().contains("/entities/") && !sent.target().contains("/events/"));
  }

  /** The current version of what a request replaces, which is 1 of what is not there. */
  private @Nullable Integer version(Sent sent) throws Exception {
    HttpRequest read =
        HttpRequest.newBuilder(address().resolve(sent.target().replaceFirst("\\?.*", "")))
            .header("Authorization", "Bearer " + token(ACME))
            .build();
    HttpResponse<String> found = http.send(read, HttpResponse.BodyHandlers.ofString());
    return found.statusCode() == 200
        ? Integer.valueOf(new JsonObject(found.body()).getInteger("version"))
        : sent.target().contains("/catalog/") ? null : Integer.valueOf(1);
  }

  private final Map<Account, String> tokens = new HashMap<>();

  private String token(Account account) throws Exception {
    if (!tokens.containsKey(account)) {
      try (ApiClient client = WholeServers.client(Objects.requireNonNull(server), account)) {
        tokens.put(account, client.token().ok().getString("access_token"));
      }
    }
    return tokens.get(account);
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + Objects.requireNonNull(server).port());
  }

  /** Without what was named, or a word of it, in whatever capitals, the longest first. */
  private static String unnamed(Sent sent, String text) {
    String plain = text;
    List<String> longestFirst =
        sent.named().stream()
            .flatMap(name ->
                Stream.concat(
                    Stream.of(name),
                    Stream.of(name.split("[:/*]+", -1))
                        .filter(part -> part.contains(OTHERS) || part.contains(NEVER))))
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    for (String name : longestFirst) {
      plain = plain.replaceAll("(?i)" + Pattern.quote(name), "<named>");
    }
    return plain;
  }

  /** Nobody may be told what only the other organization has. */
  private void assertUnheard(Pair pair, String text) {
    assertThat(text.toLowerCase(Locale.ROOT)).as("answered to %s", pair).doesNotContain(OTHERS);
    Matcher id = ID.matcher(text);
    while (id.find()) {
      assertThat(ids).as("answered to %s: %s", pair, text).doesNotContain(id.group());
    }
  }

  /** Without what every write makes anew. */
  private static String timeless(String text, String number) {
    String plain = text.replace(number, "<fresh>");
    plain = ID.matcher(plain).replaceAll("<id>");
    plain = TIME.matcher(plain).replaceAll("<time>");
    return plain.replaceAll("\"version\":\\d+", "\"version\":0");
  }
}
