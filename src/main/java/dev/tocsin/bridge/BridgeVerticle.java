package dev.tocsin.bridge;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One instance of the bridge over TCP, on an event loop; instances of a node share the port. */
public final class BridgeVerticle extends VerticleBase {
  /**
   * What Vert.x calls a free port that all instances share. Another than that of HTTP, whose
   * instances would share it too.
   */
  private static final int FREE_PORT = -2;

  private static final int IDLE_SECONDS_MAX = 75;

  private final Bridges bridges;
  private final Listener listener;
  private final IntConsumer listening;
  private NetServer server;

  /**
   * Where it listens.
   *
   * @param port 0 for a free one
   * @param certificate of TLS, PEM files with its key; null for none
   */
  public record Listener(String host, int port, @Nullable PemKeyCertOptions certificate) {}

  /**
   * An instance.
   *
   * @param bridges shared by all instances
   * @param listening told the port once the instance listens
   */
  @SuppressWarnings("NullAway.Init") // start comes before everything that uses the server
  public BridgeVerticle(Bridges bridges, Listener listener, IntConsumer listening) {
    this.bridges = bridges;
    this.listener = listener;
    this.listening = listening;
  }

  @Override
  public Future<?> start() {
    NetServerOptions options =
        new NetServerOptions()
            .setTcpKeepAlive(true)
            .setIdleTimeout(IDLE_SECONDS_MAX)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    if (listener.certificate() != null) {
      options.setSsl(true).setKeyCertOptions(listener.certificate());
    }
    server = vertx.createNetServer(options).connectHandler(this::connect);
    return server
        .listen(listener.port() == 0 ? FREE_PORT : listener.port(), listener.host())
        .onSuccess(bound -> listening.accept(bound.actualPort()));
  }

  private void connect(NetSocket socket) {
    Context here = vertx.getOrCreateContext();
    Connection connection = bridges.connect(new TcpWire(socket), here);
    socket
        .handler(new FrameReader(connection, bridges.settings().messageBytesMax()))
        .exceptionHandler(broken -> socket.close())
        .closeHandler(closed -> connection.ended())
        .shutdownHandler(stopping -> connection.stop());
  }

  /** Takes nothing new, answers what it has, and closes. */
  @Override
  public Future<?> stop() {
    return server.shutdown(bridges.settings().drainWithin().toMillis(), TimeUnit.MILLISECONDS);
  }
}
