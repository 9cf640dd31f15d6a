package dev.tocsin.webhook;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.InetAddress;
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
  private final CheckedAddresses addresses;
  private final InstantSource clock;
  private final WebClient client;

  /**
   * A sender with its own connections.
   *
   * @param addresses where requests may go
   * @param clock what a request's timestamp is read from; receivers compare it with theirs
   */
  public WebhookSender(
      Vertx vertx, SenderSettings settings, CheckedAddresses addresses, InstantSource clock) {
    this.vertx = vertx;
    this.settings = settings;
    this.addresses = addresses;
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
    MultiMap headers = headers(request, body);
    if (headers == null) {
      answered.accept(new Answer.Unreachable("the api key cannot be sent as a header"));
      return;
    }
    Exchange exchange = exchange(request, answered);
    try {
      addresses
          .of(withoutBrackets(url.getHost()))
          .compose(address -> post(url, address, headers, body, exchange))
          .onSuccess(exchange::complete)
          .onFailure(exchange::fail);
    } catch (RuntimeException e) {
      exchange.fail(e);
    }
  }

  /** An exchange whose time runs from now on. */
  private Exchange exchange(WebhookRequest request, Consumer<Answer> answered) {
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
    return exchange;
  }

  /** The URL in characters that a request line may have; null when no request can be made of it. */
  private static @Nullable URI usable(URI url) {
    URI ascii = URI.create(url.toASCIIString());
    boolean http = "http".equalsIgnoreCase(ascii.getScheme());
    boolean https = "https".equalsIgnoreCase(ascii.getScheme());
    boolean port = ascii.getPort() == -1 || (ascii.getPort() > 0 && ascii.getPort() < 65_536);
    return (http || https) && port && ascii.getHost() != null ? ascii : null;
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** Goes to the address; the host header and the name that TLS verifies are those of the URL. */
  private Future<HttpResponse<String>> post(
      URI url, InetAddress address, MultiMap headers, Buffer body, Exchange exchange) {
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    int port = url.getPort() != -1 ? url.getPort() : tls ? 443 : 80;
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String uri = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    SocketAddress server = SocketAddress.inetSocketAddress(port, address.getHostAddress());
    return client
        .request(HttpMethod.POST, server, port, url.getHost(), uri)
        .ssl(tls)
        .putHeaders(headers)
        .as(exchange)
        .sendBuffer(body);
  }

  /** What goes with the body; null when not all of it can be sent. */
  private @Nullable MultiMap headers(WebhookRequest request, Buffer body) {
    long timestamp = clock.instant().getEpochSecond();
    MultiMap headers =
        HttpHeaders.headers()
            .set("content-type", "application/json")
            .set("webhook-id", request.id().toString())
            .set("webhook-timestamp", Long.toString(timestamp));
    return switch (request.destination().credentials()) {
      case Credentials.Unsigned unsigned -> headers;
      case Credentials.Signed signed -> {
        String signature = Signature.of(signed.secrets(), request.id(), timestamp, body.getBytes());
        boolean sendable = signed.apiKey().chars().allMatch(c -> c >= ' ' && c <= '~');
        yield sendable
            ? headers.set("webhook-signature", signature).set("webhook-api-key", signed.apiKey())
            : null;
      }
    };
  }

  /** Closes all connections. */
  public void close() {
    client.close();
  }
}
