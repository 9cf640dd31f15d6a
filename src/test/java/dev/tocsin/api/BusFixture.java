package dev.tocsin.api;

import static dev.tocsin.api.ApiFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tocsin.access.Caller;
import dev.tocsin.bridge.BridgeSettings;
import dev.tocsin.bridge.BridgeVerticle;
import dev.tocsin.bridge.BridgeVerticle.Listener;
import dev.tocsin.bridge.Bridges;
import dev.tocsin.bridge.MemberVerticle;
import dev.tocsin.bridge.Presence;
import dev.tocsin.bridge.TcpClient;
import dev.tocsin.bridge.WebSockets;
import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.flow.EventsStored;
import dev.tocsin.flow.Flow;
import dev.tocsin.process.FreePorts;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The API of a fixture with the ways in for clients on the bus. */
final class BusFixture implements AutoCloseable {
  static final BridgeSettings SETTINGS = settings(1 << 20, Duration.ofSeconds(15));

  final ApiFixture api = ApiFixture.start();
  final int tcpPort;
  final int webSocketPort;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final List<TcpClient> clients = new ArrayList<>();
  private final List<String> deployments = new ArrayList<>();
  private final Bridges bridges;
  private @Nullable String members;

  BusFixture() {
    this(SETTINGS);
  }

  BusFixture(BridgeSettings settings) {
    log.start();
    root().addAppender(log);
    Bridges bridges = new Bridges(api.api().reception(), settings, api.meters);
    WebSockets webSockets = new WebSockets(bridges);
    this.bridges = bridges;
    CompletableFuture<Integer> tcp = new CompletableFuture<>();
    CompletableFuture<Integer> http = new CompletableFuture<>();
    startMembers();
    deployments.add(
        ApiFixture.await(
            api.vertx.deployVerticle(
                new BridgeVerticle(bridges, new Listener("127.0.0.1", 0, null), tcp::complete))));
    deployments.add(
        ApiFixture.await(
            api.vertx.deployVerticle(
                new ApiVerticle(
                    api.api(),
                    "127.0.0.1",
                    freePort(),
                    http::complete,
                    new MoreRoutes(webSockets::mount, webSockets.messageBytesMax())))));
    tcpPort = tcp.join();
    webSocketPort = http.join();
  }

  static BridgeSettings settings(int bufferBytesMax, Duration keepAliveEvery) {
    return new BridgeSettings(
        100,
        100,
        50,
        1 << 20,
        64,
        Duration.ofMinutes(1),
        bufferBytesMax,
        256,
        Duration.ofSeconds(10),
        keepAliveEvery,
        Duration.ofSeconds(5));
  }

  TcpClient connect() throws IOException {
    TcpClient client = new TcpClient(tcpPort);
    clients.add(client);
    return client;
  }

  /** A client that is subscribed to what Acme stores from now on. */
  TcpClient follow(String address, Map<String, String> more) throws IOException {
    TcpClient client = connect();
    client.register(address, headers(ACME, more));
    JsonObject subscribed = client.next();
    if (!"subscribed".equals(subscribed.getJsonObject("body").getString("type"))) {
      throw new IOException(subscribed.encode());
    }
    return client;
  }

  Map<String, String> headers(Caller caller, Map<String, String> more) {
    var headers = new HashMap<>(more);
    headers.putIfAbsent("version", "1");
    headers.putIfAbsent("authorization", "Bearer " + api.token(caller));
    return headers;
  }

  static String events(Caller caller) {
    return "tocsin.events." + caller.organization();
  }

  static String notifications(Caller caller) {
    return "tocsin.notifications." + caller.organization();
  }

  /** Stores an event without asking anybody; answers its id. */
  String add(Caller caller, String name, Category category, String after) {
    EventId id = new EventId(api.ids.next());
    api.events.add(
        new StoredEvent(
            caller.organization(),
            id,
            new EventName(name),
            category,
            api.now(),
            "entity",
            null,
            after,
            null,
            null));
    api.bus.ring(Flow.EVENTS_STORED, new EventsStored(Set.of(caller.organization())));
    return id.toString();
  }

  String addProduct(String after) {
    return add(ACME, "configuration.product.created", Category.CONFIGURATION, after);
  }

  /** What a counter of ours with this reason has come to; 0 for none. */
  double counted(String name, String tag, String value) {
    var counter = api.meters.find(name).tag(tag, value).counter();
    return counter == null ? 0 : counter.count();
  }

  double gauge(String name) {
    return api.meters.get(name).gauge().value();
  }

  /** Waits for what another thread does. */
  void await(BooleanSupplier condition) {
    CompletableFuture<@Nullable Void> held = new CompletableFuture<>();
    long timer =
        api.vertx.setPeriodic(
            10,
            tick -> {
              if (condition.getAsBoolean()) {
                held.complete(null);
              }
            });
    held.orTimeout(20, TimeUnit.SECONDS).join();
    api.vertx.cancelTimer(timer);
  }

  /** Zero would be the port that other instances of the fixture's HTTP server share. */
  private static int freePort() {
    try {
      return FreePorts.one();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void startMembers() {
    members =
        ApiFixture.await(api.vertx.deployVerticle(new MemberVerticle(bridges, Presence.ALONE)));
  }

  void stopMembers() {
    if (members != null) {
      ApiFixture.await(api.vertx.undeploy(members));
      members = null;
    }
  }

  /** Stops what clients come in by, and waits until it has. */
  void stop() {
    stopMembers();
    deployments.forEach(id -> ApiFixture.await(api.vertx.undeploy(id)));
    deployments.clear();
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  }

  /** Whatever clients did, nothing of it was a defect of ours. */
  @Override
  public void close() {
    clients.forEach(TcpClient::close);
    api.close();
    root().detachAppender(log);
    assertThat(log.list)
        .filteredOn(event -> event.getLevel() == Level.ERROR || event.getThrowableProxy() != null)
        .isEmpty();
  }
}
