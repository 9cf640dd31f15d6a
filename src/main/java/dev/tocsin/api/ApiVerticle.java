package dev.tocsin.api;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One instance of the HTTP server, on an event loop; instances of a node share the port. */
public final class ApiVerticle extends VerticleBase {
  /** What Vert.x calls a free port that all instances share. */
  private static final int FREE_PORT = -1;

  private static final int HEADER_BYTES_MAX = 16 << 10;
  private static final int ACCEPT_BACKLOG = 1_024;
  private static final int IDLE_SECONDS_MAX = 75;

  private final Api api;
  private final String host;
  private final int port;
  private final IntConsumer listening;
  private final @Nullable MoreRoutes more;
  private volatile boolean stopping;
  private HttpServer server;

  /**
   * An instance.
   *
   * @param api shared by all instances
   * @param port 0 for a free one
   * @param listening told the port once the instance listens
   * @param more what else is served on the port; null for nothing
   */
  @SuppressWarnings("NullAway.Init") // start comes before everything that uses the server
  public ApiVerticle(
      Api api, String host, int port, IntConsumer listening, @Nullable MoreRoutes more) {
    this.api = api;
    this.host = host;
    this.port = port;
    this.listening = listening;
    this.more = more;
  }

  @Override
  public Future<?> start() {
    HttpServerOptions options = options();
    Router router = api.router(vertx, () -> stopping);
    if (more != null) {
      more.mount(vertx, router, options);
    }
    server = vertx.createHttpServer(options);
    return server
        .invalidRequestHandler(InvalidRequests::answer)
        .requestHandler(router)
        .listen(port == 0 ? FREE_PORT : port, host)
        .onSuccess(bound -> listening.accept(bound.actualPort()));
  }

  /**
   * HTTP/1.1 without compression: the one costs bounds of its own, the other time, and both are
   * what a proxy in front is for.
   */
  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setMaxInitialLineLength(HEADER_BYTES_MAX)
        .setMaxHeaderSize(HEADER_BYTES_MAX)
        .setIdleTimeout(IDLE_SECONDS_MAX)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setAcceptBacklog(ACCEPT_BACKLOG)
        .setTcpKeepAlive(true);
  }

  /** Takes nothing new, answers what it has, and closes. */
  @Override
  public Future<?> stop() {
    stopping = true;
    api.endStreams();
    return server.shutdown(api.drainWithin().toMillis(), TimeUnit.MILLISECONDS);
  }
}
