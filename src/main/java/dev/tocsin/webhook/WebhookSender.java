package dev.tocsin.webhook;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to webhooks over connections that are kept and used again: HTTP/1.1, no redirects,
 * signed by Standard Webhooks. Whatever goes wrong is an {@link Answer}, never an exception.
 *
 * <p>Thread-safe.
 */
public final class WebhookSender {
  /** Shorter than what most receivers and load balancers close an idle connection after. */
  private static final int KEEP_ALIVE_SECONDS = 30;

  /** After this a connection is made anew, so that a name that moved is followed. */
  private static final int CONNECTION_MINUTES_MAX = 5;

  private final Vertx vertx;
  private final SenderSettings settings;
  private final InstantSource clock;
  private final WebClient client;

  /**
   * A sender with its own connections.
   *
   * @param clock what a request's timestamp is read from; receivers compare it with theirs
   */
  public WebhookSender(Vertx vertx, SenderSettings settings, InstantSource clock) {
    this.vertx = vertx;
    this.settings = settings;
    this.clock = clock;
    this.client =
        WebClient.create(vertx, clientOptions(settings), poolOptions(settings))
            .addInterceptor(new Interception());
  }

  private static WebClientOptions clientOptions(SenderSettings settings) {
    return new WebClientOptions()
        .setUserAgent("Tocsin")
        .setFollowRedirects(false)
        .setProtocolVersion(HttpVersion.HTTP_1_1)
        .setUseAlpn(false)
        .setPipelining(false)
        .setKeepAlive(true)
        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
        .setConnectTimeout((int) settings.timeout().toMillis());
  }

  private static PoolOptions poolOptions(SenderSettings settings) {
    return new PoolOptions()
        .setHttp1MaxSize(settings.connectionsMax())
        .setMaxWaitQueueSize(settings.connectionsMax())
        .setMaxLifetime(CONNECTION_MINUTES_MAX)
        .setMaxLifetimeUnit(TimeUnit.MINUTES)
        .setCleanerPeriod(1_000);
  }

  /**
   * Makes a request. The answer is passed on once, at the latest shortly after the timeout, on the
   * caller's context; possibly before this returns.
   */
  public void send(WebhookRequest request, Consumer<Answer> answered) {
    URI url = usable(request.destination().url());
    if (url == null) {
      answered.accept(new Answer.Unreachable("the webhook's URL cannot be requested"));
      return;
    }
    Buffer body = Buffer.buffer(request.body());
    HttpRequest<Buffer> post = post(url);
    if (!addHeaders(post, request, body)) {
      answered.accept(new Answer.Unreachable("the api key cannot be sent as a header"));
      return;
    }
    exchange(post, body, request, answered);
  }

  private void exchange(
      HttpRequest<Buffer> post, Buffer body, WebhookRequest request, Consumer<Answer> answered) {
    long[] timer = new long[1];
    Exchange exchange =
        new Exchange(
            request,
            settings,
            clock,
            answer -> {
              vertx.cancelTimer(timer[0]);
              answered.accept(answer);
            });
    timer[0] = vertx.setTimer(settings.timeout().toMillis(), late -> exchange.cutOff());
    try {
      post.as(exchange).sendBuffer(body).onSuccess(exchange::complete).onFailure(exchange::fail);
    } catch (RuntimeException e) {
      exchange.fail(e);
    }
  }

  /** The URL in characters that a request line may have; null when no request can be made of it. */
  private static @Nullable URI usable(URI url) {
    URI ascii = URI.create(url.toASCIIString());
    boolean http = "http".equalsIgnoreCase(ascii.getScheme());
    boolean https = "https".equalsIgnoreCase(ascii.getScheme());
    boolean port = ascii.getPort() == -1 || (ascii.getPort() > 0 && ascii.getPort() < 65_536);
    return (http || https) && port && ascii.getHost() != null ? ascii : null;
  }

  private HttpRequest<Buffer> post(URI url) {
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    int port = url.getPort() != -1 ? url.getPort() : tls ? 443 : 80;
    String host = url.getHost();
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String uri = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    // A check of where the request may go belongs here: the server's address is the one that was
    // checked, while the host header and the name that TLS verifies stay those of the URL.
    SocketAddress server = SocketAddress.inetSocketAddress(port, name);
    return client.request(HttpMethod.POST, server, port, host, uri).ssl(tls);
  }

  /** Adds what goes with the body; answers whether all of it can be sent. */
  private boolean addHeaders(HttpRequest<Buffer> post, WebhookRequest request, Buffer body) {
    long timestamp = clock.instant().getEpochSecond();
    post.putHeader("content-type", "application/json");
    post.putHeader("webhook-id", request.id().toString());
    post.putHeader("webhook-timestamp", Long.toString(timestamp));
    return switch (request.destination().credentials()) {
      case Credentials.Unsigned unsigned -> true;
      case Credentials.Signed signed -> {
        String signature = Signature.of(signed.secrets(), request.id(), timestamp, body.getBytes());
        post.putHeader("webhook-signature", signature);
        boolean sendable = signed.apiKey().chars().allMatch(c -> c >= ' ' && c <= '~');
        if (sendable) {
          post.putHeader("webhook-api-key", signed.apiKey());
        }
        yield sendable;
      }
    };
  }

  /** Closes all connections. */
  public void close() {
    client.close();
  }
}
