package dev.tocsin.deliver;

import static dev.tocsin.deliver.Samples.ACME;
import static dev.tocsin.deliver.Samples.NOW;
import static dev.tocsin.deliver.Samples.run;
import static dev.tocsin.deliver.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.app.SweepVerticle;
import dev.tocsin.bus.Bus;
import dev.tocsin.deliver.DeliveryStoreContract.Kept;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.RunsLeased;
import dev.tocsin.store.Database;
import dev.tocsin.store.DeliveryRows;
import dev.tocsin.store.PgDeliveryStore;
import dev.tocsin.store.PostgresFixture;
import dev.tocsin.webhook.AddressCheck;
import dev.tocsin.webhook.CheckedAddresses;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.Destination;
import dev.tocsin.webhook.Network;
import dev.tocsin.webhook.Resolver;
import dev.tocsin.webhook.SenderSettings;
import dev.tocsin.webhook.WebhookId;
import dev.tocsin.webhook.WebhookSender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole stage with real parts: bus, verticles, database, and a receiver over HTTP. */
class DeliverHttpTest {
  private static final int INSTANCES = 2;
  private static final WebhookId HOOK = webhook(1);

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private final Vertx vertx = Vertx.vertx();
  private final Vertx receivers = Vertx.vertx();
  private final BlockingQueue<HttpServerRequest> received = new LinkedBlockingQueue<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final CompletableFuture<@Nullable Void> released = new CompletableFuture<>();

  @SuppressWarnings("NullAway.Init") // set before each test
  private Database pool;

  @SuppressWarnings("NullAway.Init") // set before each test
  private DeliveryRows rows;

  @BeforeEach
  void open() {
    pool = postgres.open("delivery", PgDeliveryStore.SESSION);
    rows = new DeliveryRows(postgres);
    HttpServer server =
        join(receivers.createHttpServer().requestHandler(received::add).listen(0, "127.0.0.1"));
    URI url = URI.create("http://127.0.0.1:" + server.actualPort() + "/hook");
    rows.addWebhook(ACME, new Destination(HOOK, url, new Credentials.Unsigned()));
  }

  @AfterEach
  void close() throws SQLException {
    join(vertx.close());
    join(receivers.close());
    rows.close();
    pool.close();
  }

  @Test
  void a_receiver_that_fails_and_recovers_gets_the_same_notification_again() throws Exception {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(1));
    List<String> node = startNode(4);

    HttpServerRequest first = receive();
    answer(first, 500);
    HttpServerRequest second = receive();
    answer(second, 200);
    stop(node);

    assertThat(webhookId(first)).isEqualTo(Samples.message(ACME, 1).id().toString());
    assertThat(webhookId(second)).isEqualTo(webhookId(first));
    Kept kept = rows.kept(ACME, run(1));
    assertThat(kept.status()).isEqualTo(RunStatus.COMPLETE);
    assertThat(kept.tried())
        .extracting(DeliveryStoreContract.Tried::responseStatus)
        .containsExactly(500, 200);
  }

  @Test
  void a_run_whose_holder_vanished_is_taken_over_when_its_lease_ends() throws Exception {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(1));
    LeasedRun vanished =
        rows.store(pool, new UUID(9, 1), Duration.ofMillis(200))
            .claimDue(10, Crowded.NOBODY)
            .runs()
            .getFirst();
    List<String> node = startNode(4);

    HttpServerRequest request = receive();
    answer(request, 200);
    stop(node);

    assertThat(webhookId(request)).isEqualTo(vanished.message().id().toString());
    assertThat(rows.kept(ACME, run(1)).status()).isEqualTo(RunStatus.COMPLETE);
    assertThat(rows.kept(ACME, run(1)).fence()).isGreaterThan(vanished.fence());
  }

  @Test
  void a_node_that_stops_finishes_what_is_in_flight_and_gives_back_the_rest() throws Exception {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(3));
    rows.addRun(ACME, 2, HOOK, Duration.ofSeconds(2));
    List<String> node = startNode(1);
    HttpServerRequest inFlight = receive();

    Future<?> stopped = undeploy(node);
    released.orTimeout(20, TimeUnit.SECONDS).join();
    answer(inFlight, 200);
    join(stopped);

    assertThat(received).isEmpty();
    assertThat(rows.kept(ACME, run(1)).status()).isEqualTo(RunStatus.COMPLETE);
    Kept waiting = rows.kept(ACME, run(2));
    assertThat(waiting.status()).isEqualTo(RunStatus.WAITING);
    assertThat(waiting.attempts()).isZero();
    assertThat(waiting.dueIn()).isLessThanOrEqualTo(Duration.ZERO);
  }

  /** The verticles of a node; answers their deployments. */
  private List<String> startNode(int perWebhookConcurrency) {
    DeliverSettings settings =
        new DeliverSettings(
            Duration.ofSeconds(15),
            perWebhookConcurrency,
            100,
            100,
            1_000,
            100,
            1_000,
            Collections.nCopies(9, Duration.ofMillis(100)),
            0.2,
            Duration.ofHours(1),
            100,
            100);
    DeliveryStore store = new Watched(rows.store(pool, new UUID(9, 2), Duration.ofMinutes(1)));
    Room room = new Room(settings, meters);
    WebhookSender sender =
        new WebhookSender(
            vertx,
            new SenderSettings(settings.timeout(), 100, 65_536, 4_096),
            new CheckedAddresses(
                Resolver.of(vertx),
                new AddressCheck(List.of(new Network(InetAddress.getLoopbackAddress(), 8))),
                meters),
            () -> NOW);
    Bus bus = Bus.of(vertx, Flow.MESSAGES);
    List<String> node = new ArrayList<>();
    for (int i = 0; i < INSTANCES; i++) {
      Courier courier =
          new Courier(settings, room, sender::send, store, () -> NOW, new Random(42), meters);
      node.add(
          deploy(
              new DeliverVerticle(i, bus, courier, Duration.ofMillis(50), Duration.ofSeconds(10))));
    }
    DeliverySweep sweep =
        new DeliverySweep(
            settings,
            store,
            room,
            runs ->
                RunsLeased.byInstance(runs, INSTANCES)
                    .forEach((i, message) -> bus.send(Flow.RUNS_LEASED.of(i), message)),
            meters);
    node.add(
        deploy(
            SweepVerticle.paced("delivery", Duration.ofMillis(50), () -> sweep.runOnce().more())));
    return node.reversed();
  }

  private String deploy(VerticleBase verticle) {
    return join(
        vertx.deployVerticle(
            verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)));
  }

  private void stop(List<String> node) {
    join(undeploy(node));
  }

  private Future<?> undeploy(List<String> node) {
    Future<?> done = Future.succeededFuture();
    for (String verticle : node) {
      done = done.compose(before -> vertx.undeploy(verticle));
    }
    return done;
  }

  private HttpServerRequest receive() throws InterruptedException {
    return Objects.requireNonNull(received.poll(20, TimeUnit.SECONDS), "no request came");
  }

  private static void answer(HttpServerRequest request, int status) {
    join(request.response().setStatusCode(status).end());
  }

  private static @Nullable String webhookId(HttpServerRequest request) {
    return request.getHeader("webhook-id");
  }

  private static <T> T join(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  /** The store, telling when runs have been released. */
  private final class Watched implements DeliveryStore {
    private final DeliveryStore store;

    Watched(DeliveryStore store) {
      this.store = store;
    }

    @Override
    public Claim claimDue(int max, Crowded except) {
      return store.claimDue(max, except);
    }

    @Override
    public List<LeasedRun> record(Collection<Attempted> attempts) {
      return store.record(attempts);
    }

    @Override
    public void release(Collection<LeasedRun> runs) {
      store.release(runs);
      released.complete(null);
    }
  }
}
