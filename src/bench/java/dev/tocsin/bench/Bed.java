package dev.tocsin.bench;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.ServerPlan;
import dev.tocsin.process.ServerProcess;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What all benchmarks of a run share: a server in a process of its own with a durable PostgreSQL,
 * an organization without rules and one with a hundred.
 */
final class Bed implements AutoCloseable {
  static final Account WITHOUT_RULES =
      new Account("00000000-0000-4000-8000-00000000000a", "bench-a", "bench-secret-a");
  static final Account WITH_RULES =
      new Account("00000000-0000-4000-8000-00000000000b", "bench-b", "bench-secret-b");
  static final Account EVERY_EVENT_FIRES =
      new Account("00000000-0000-4000-8000-00000000000c", "bench-c", "bench-secret-c");
  static final Account SCHEDULED =
      new Account("00000000-0000-4000-8000-00000000000d", "bench-d", "bench-secret-d");

  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  /** One event in a hundred has spent so much, and one rule in a hundred is of its account. */
  private static final int FIRES_FROM = 14_850;

  private final Vertx vertx = Vertx.vertx();
  private final ServerPlan plan;
  private final ServerProcess server;
  private final Sink sink;
  private @Nullable String always;
  private @Nullable String scheduled;

  private Bed(ServerPlan plan) throws IOException {
    this.plan = plan;
    this.sink = Sink.listen(vertx);
    this.server = ServerProcess.start(plan, READY_WITHIN);
  }

  /** Starts the server on a directory that is empty. */
  static Bed open(Path home) throws IOException, InterruptedException {
    Path conf = declare(home);
    Bed bed =
        new Bed(
            ServerPlan.ofJar(Path.of("target/tocsin.jar"), home)
                .with("TOCSIN_CONF", conf.toString())
                // Benchmarks drop days themselves, when they measure it.
                .with("TOCSIN_EVENTS_EXPIRE_EVERY", "PT1H"));
    bed.makeRules();
    return bed;
  }

  /** Writes the files of the organizations; answers the directory of the configuration. */
  static Path declare(Path home) throws IOException {
    Path conf = home.resolve("conf");
    Path organizations = Files.createDirectories(conf.resolve("organizations"));
    for (Account account : List.of(WITHOUT_RULES, WITH_RULES, EVERY_EVENT_FIRES, SCHEDULED)) {
      Files.writeString(organizations.resolve(account.accessKey() + ".yaml"), file(account));
    }
    return conf;
  }

  /** The file of an organization and whoever loads it. */
  static String file(Account account) {
    return """
    organization: { id: %s, name: Bench }
    serviceUsers:
      - { name: bench, accessKey: %s, secret: %s, policies: [administrator] }
    """
        .formatted(account.organization(), account.accessKey(), account.secret());
  }

  /** A hundred rules, of which one in a hundred events fires one. */
  static void makeRules(URI server, Sink sink) throws IOException, InterruptedException {
    try (ApiClient api = new ApiClient(server, WITH_RULES)) {
      String webhook = api.webhook("sink", sink.url(), "key", "secret");
      for (int i = 0; i < Payloads.ACCOUNTS; i++) {
        String calculation =
            "new.accountId == \"%s\" AND new.amountSpent >= %d"
                .formatted(Payloads.account(i), FIRES_FROM);
        api.link(api.rule("rule_" + i, Payloads.EVENT_NAME, calculation), webhook);
      }
    }
  }

  private void makeRules() throws IOException, InterruptedException {
    makeRules(server.address(), sink);
    try (ApiClient api = new ApiClient(server.address(), EVERY_EVENT_FIRES)) {
      String webhook = api.webhook("sink", sink.url(), "key", "secret");
      always = api.ruleThatAlwaysFires("always", Payloads.EVENT_NAME);
      api.link(always, webhook);
    }
    try (ApiClient api = new ApiClient(server.address(), SCHEDULED)) {
      JsonObject configuration =
          new JsonObject()
              .put("name", "scheduled.commitment.ended")
              .put("entity", "Commitment")
              .put("field", "endDate")
              .put("offset", 1);
      scheduled =
          api.call("POST", "/scheduledevents/configurations", configuration).ok().getString("id");
    }
  }

  Vertx vertx() {
    return vertx;
  }

  /** Where the webhooks arrive. */
  Sink sink() {
    return sink;
  }

  /** A load of events of an organization's, over so many connections. */
  Load load(Account account, int connections) throws IOException, InterruptedException {
    return load(account, HttpMethod.POST, "events", connections);
  }

  /** A load of calls below an organization's path. */
  Load load(Account account, HttpMethod method, String path, int connections)
      throws IOException, InterruptedException {
    return new Load(vertx, method, below(account, path), authorization(account), connections);
  }

  /** A stream of all events of an organization. */
  Subscriber subscribe(Account account, BiConsumer<String, Long> came)
      throws IOException, InterruptedException {
    return Subscriber.open(vertx, below(account, "events/stream"), authorization(account), came);
  }

  private URI below(Account account, String path) {
    return server.address().resolve("/organizations/" + account.organization() + "/" + path);
  }

  private String authorization(Account account) throws IOException, InterruptedException {
    try (ApiClient api = new ApiClient(server.address(), account)) {
      return "Bearer " + Objects.requireNonNull(api.token().ok().getString("access_token"));
    }
  }

  /** A load of requests for tokens. */
  Load tokens(Account account, int connections) {
    String pair = account.accessKey() + ":" + account.secret();
    String encoded =
        Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return new Load(
        vertx,
        HttpMethod.POST,
        server.address().resolve("/oauth/token"),
        "Basic " + encoded,
        connections);
  }

  /** The rule that fires on every event of its organization. */
  String ruleThatAlwaysFires() {
    return Objects.requireNonNull(always);
  }

  /** The events of old that lists are measured over. */
  History history() throws IOException {
    Database database = database();
    return new History(database.url(), database.user(), database.password());
  }

  /** The server's own PostgreSQL, so that the baseline has the same disk and settings. */
  RawInserts raw() throws IOException {
    Database database = database();
    return new RawInserts(database.url(), database.user(), database.password());
  }

  /** The appointments of the organization that has them. */
  Appointments appointments() throws IOException {
    return new Appointments(database(), SCHEDULED, Objects.requireNonNull(scheduled));
  }

  /** Days past retention. */
  ExpiredDays expiredDays() throws IOException {
    return new ExpiredDays(vertx, database(), plan.data().resolve("postgresql/cluster"));
  }

  /** Another library's scheduler on the server's own PostgreSQL. */
  DbScheduler dbScheduler() throws IOException {
    return new DbScheduler(database());
  }

  /** How the server's own PostgreSQL is reached. */
  record Database(int port, String user, String password) {
    String url() {
      return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    Connection connect() throws SQLException {
      return DriverManager.getConnection(url(), user, password);
    }
  }

  private Database database() throws IOException {
    Path directory = plan.data().resolve("postgresql");
    String port = Files.readAllLines(directory.resolve("cluster/postmaster.pid")).get(3).strip();
    return new Database(
        Integer.parseInt(port),
        "tocsin",
        Files.readString(directory.resolve("password")).strip());
  }

  @Override
  public void close() throws IOException {
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
