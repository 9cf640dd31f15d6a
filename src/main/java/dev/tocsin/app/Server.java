package dev.tocsin.app;

import dev.tocsin.api.Api;
import dev.tocsin.cluster.Node;
import dev.tocsin.config.Configuration;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.Settings;
import dev.tocsin.store.CredentialsSeal;
import dev.tocsin.store.Migrations;
import dev.tocsin.store.PgErasures;
import dev.tocsin.store.PgOrganizations;
import dev.tocsin.store.ServerKeyCheck;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server, from its start to its stop. */
final class Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);

  private final Node node;
  private final Configuration configuration;
  private final Settings settings;
  private final Parts parts = new Parts();
  private final Readiness readiness = new Readiness();
  private volatile int port;
  private volatile String greeting = "";

  /** A server that is yet to be started; it closes the Vert.x of the node it is given. */
  Server(Node node, Configuration configuration) {
    this.node = node;
    this.configuration = configuration;
    this.settings = configuration.settings();
  }

  /**
   * Starts: database, schema, what the files declare, stages, and last the port.
   *
   * @throws IOException when the embedded PostgreSQL or the key file cannot be used
   * @throws IllegalStateException when the database cannot be used, saying why
   * @throws ListenException when the port cannot be
   * @throws CancellationException when the server was closed meanwhile, whatever that made fail
   */
  synchronized void start() throws IOException {
    try {
      assemble();
    } catch (IOException | RuntimeException e) {
      boolean stopped = parts.isRefusing();
      close();
      if (stopped) {
        throw cancellation(e);
      }
      throw e;
    }
  }

  private static CancellationException cancellation(Exception effect) {
    if (effect instanceof CancellationException itself) {
      return itself;
    }
    CancellationException cancellation =
        new CancellationException("the server was stopped while it started: " + effect);
    cancellation.initCause(effect);
    return cancellation;
  }

  private void assemble() throws IOException {
    Api.prepare();
    SecureRandom random = new SecureRandom();
    Vertx vertx = node.vertx();
    parts.add("vertx", () -> Deployments.await(vertx.close()));
    ServerKeys keys = ServerKeys.of(settings.secrets(), random);
    PostgresServer postgres = PostgresServer.start(settings, random);
    parts.addIndispensable("postgresql", postgres);
    Migrations.apply(postgres.address());
    Pools pools = Pools.open(vertx, postgres.address(), settings, random);
    pools.addTo(parts);
    ServerKeyCheck.verify(pools.shared(), keys.check().getEncoded());
    warnOfMovedClock();
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    meters.config().meterFilter(MeterDescriptions.load());
    MachineMeters.bindTo(meters);
    parts.add("meters", meters::close);
    Deployments deployments = new Deployments(vertx, parts);
    Stages stages = new Stages(deployments, node, settings, pools, keys, meters, readiness, random);
    DeclarationBells bells = new DeclarationBells(stages.bus());
    Declarations declarations = declare(pools, keys, random, meters, stages, bells);
    List<DeclaredOrganization> present = declarations.organizations();
    FileWatch files = new FileWatch(declarations, configuration.settingsWatch());
    deployments.deploy("files", files.verticle(settings.filesLookEvery()));
    port = stages.deploy();
    bells.connected();
    parts.add("time to be taken out", this::stayUnready);
    greeting = Greeting.of(settings.http().host(), port, present);
    readiness.started();
    log.info("server ready port={} node={}", port, stages.node());
  }

  private Declarations declare(
      Pools pools,
      ServerKeys keys,
      SecureRandom random,
      MeterRegistry meters,
      Stages stages,
      DeclarationBells bells) {
    DeclarationReport report = new DeclarationReport(pools.clock(), meters);
    readiness.warnedBy(report::degraded);
    PgOrganizations organizations =
        new PgOrganizations(
            pools.shared(),
            pools.ids(),
            pools.clock(),
            keys.accessKeys(),
            new CredentialsSeal(keys.credentials(), random));
    PgErasures erasures = new PgErasures(pools.shared(), pools.clock());
    Declarations declarations =
        new Declarations(
            new Declarations.Store(
                declared -> bells.ring(organizations.declare(declared)),
                erasures::erased,
                stages::forget),
            configuration.organizationWatch()::look,
            pools.clock(),
            report);
    declarations.start(configuration.files());
    pools.horizon().refresh();
    return declarations;
  }

  private void warnOfMovedClock() {
    if (!settings.clockOffset().isZero()) {
      log.warn("the clock is moved by {}: this is for tests of time only", settings.clockOffset());
    }
  }

  /** Goes on serving for a while, though it says that it will not. */
  private void stayUnready() throws InterruptedException {
    if (new CountDownLatch(1).await(settings.unreadyFor().toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("nobody counts it down");
    }
  }

  /** The port it listens on. */
  int port() {
    return port;
  }

  /** What it says when it is ready. */
  String greeting() {
    return greeting;
  }

  /**
   * Stops it: no new requests, then what is under way is finished as far as time allows. A start
   * that is under way in another thread ends with its next step.
   */
  @Override
  public void close() {
    readiness.stopping();
    parts.refuse();
    closeParts();
  }

  private synchronized void closeParts() {
    if (!parts.isEmpty()) {
      log.info("server stops");
      parts.close(new Deadline(settings.shutdownWithin(), System::nanoTime));
      log.info("server stopped");
    }
  }
}
