package dev.tocsin.app;

import dev.tocsin.api.MoreRoutes;
import dev.tocsin.api.Reception;
import dev.tocsin.bridge.BridgeVerticle;
import dev.tocsin.bridge.BridgeVerticle.Listener;
import dev.tocsin.bridge.Bridges;
import dev.tocsin.bridge.MemberVerticle;
import dev.tocsin.bridge.Presence;
import dev.tocsin.bridge.WebSockets;
import dev.tocsin.config.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verticles that clients on the bus are served by. */
final class BridgeStage {
  private static final Logger log = LoggerFactory.getLogger(BridgeStage.class);

  private final Deployments.Together clients;
  private final Settings settings;
  private final Bridges bridges;

  BridgeStage(
      Deployments.Together clients, Settings settings, Reception reception, MeterRegistry meters) {
    this.clients = clients;
    this.settings = settings;
    this.bridges = new Bridges(reception, StageSettings.bridge(settings), meters);
  }

  /**
   * Deploys them.
   *
   * @param presence of this node among others
   * @throws ListenException when the port for TCP cannot be listened on
   */
  void deploy(Presence presence) {
    clients.deploy(StageSettings.instances(0), instance -> new MemberVerticle(bridges, presence));
    if (settings.bus().tcp()) {
      listen(settings.bus());
    }
  }

  private void listen(Settings.Bus bus) {
    ListenAddress address = new ListenAddress(bus.tcpHost(), bus.tcpPort());
    Listener listener = new Listener(bus.tcpHost(), bus.tcpPort(), certificate(bus));
    AtomicInteger port = new AtomicInteger();
    try {
      clients.deploy(
          StageSettings.instances(0), instance -> new BridgeVerticle(bridges, listener, port::set));
    } catch (CompletionException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new ListenException(
          "bus.tcpPort: cannot listen on " + address + " (" + reason.getMessage() + ")", reason);
    }
    log.info("bus over TCP listens port={} tls={}", port.get(), listener.certificate() != null);
  }

  private static @Nullable PemKeyCertOptions certificate(Settings.Bus bus) {
    return bus.tcpCertificate() == null || bus.tcpKey() == null
        ? null
        : new PemKeyCertOptions().addCertPath(bus.tcpCertificate()).addKeyPath(bus.tcpKey());
  }

  /** What of it is served on the port of HTTP; null for nothing. */
  @Nullable MoreRoutes onHttp() {
    WebSockets webSockets = new WebSockets(bridges);
    return settings.bus().webSockets()
        ? new MoreRoutes(webSockets::mount, webSockets.messageBytesMax())
        : null;
  }
}
