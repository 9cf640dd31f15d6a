package dev.tocsin.app;

import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.Settings;
import dev.tocsin.store.Migrations;
import dev.tocsin.store.PgOrganizations;
import dev.tocsin.store.ServerKeyCheck;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server. */
final class Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);

  private final Parts parts = new Parts();
  private final Readiness readiness = new Readiness();
  private int port;

  private Server() {}

  /**
   * Starts a server: database, schema, what the files declare, stages, and last the port.
   *
   * @throws IOException when the embedded PostgreSQL or the key file cannot be used
   * @throws IllegalStateException when the database cannot be used, saying why
   */
  static Server start(Vertx vertx, Settings settings, List<DeclaredOrganization> organizations)
      throws IOException {
    Server server = new Server();
    try {
      server.assemble(vertx, settings, organizations);
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void assemble(Vertx vertx, Settings settings, List<DeclaredOrganization> organizations)
      throws IOException {
    SecureRandom random = new SecureRandom();
    parts.add("vertx", () -> Stages.await(vertx.close()));
    ServerKeys keys = ServerKeys.of(settings.secrets(), random);
    PostgresServer postgres = PostgresServer.start(settings, random);
    parts.add("postgresql", postgres);
    Migrations.apply(postgres.address());
    Stores stores = Stores.open(vertx, postgres.address(), settings, random);
    parts.add("connections", stores.shared());
    parts.add("connections of reads", stores.events());
    parts.add("connections of deliveries", stores.delivery());
    parts.add("connections of rules", stores.rules());
    parts.add("connections of the ledger", stores.ledger());
    ServerKeyCheck.verify(stores.shared(), keys.check().getEncoded());
    warnOfMovedClock(settings);
    new PgOrganizations(stores.shared(), stores.ids(), stores.clock(), keys.accessKeys())
        .declare(organizations);
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Machine.bindTo(meters);
    parts.add("meters", meters::close);
    Stages stages = new Stages(vertx, settings, stores, keys, meters, readiness, random);
    parts.add("stages", stages);
    port = stages.deploy();
    readiness.started();
    log.info("server ready port={} node={}", port, stages.node());
  }

  private static void warnOfMovedClock(Settings settings) {
    if (!settings.clockOffset().isZero()) {
      log.warn("the clock is moved by {}: this is for tests of time only", settings.clockOffset());
    }
  }

  /** The port it listens on. */
  int port() {
    return port;
  }

  /** Stops it: no new requests, then what is under way is finished as far as time allows. */
  @Override
  public void close() {
    log.info("server stops");
    readiness.stopping();
    parts.close();
    log.info("server stopped");
  }
}
