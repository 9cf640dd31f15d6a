package dev.tocsin.process;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A receiver of webhooks as a customer would write it: it verifies each request with the public
 * library of Standard Webhooks, and answers 204, or 401 when the signature is not right.
 *
 * <p>Thread-safe; each request has a virtual thread, so that an answer may take its time.
 */
public final class Receiver implements AutoCloseable {
  private static final int BACKLOG = 1_024;

  static {
    // Read when the server's classes load. Without the first, the system holds back an answer's
    // last bytes for 40 ms; without the second, it hangs up on all but 200 idle connections.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
  }

  private final Webhook verifier;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Consumer<Request> listener;
  private volatile Function<Request, Reply> answer = Receiver::ordinarily;

  /** A request as it came in; genuine when its signature is right. */
  public record Request(
      String method, String path, HttpHeaders headers, String body, boolean isGenuine) {
    /** What a receiver deduplicates by; empty when the sender gave none. */
    public String webhookId() {
      return headers.firstValue("webhook-id").orElse("");
    }
  }

  /** What a request is answered. */
  public record Reply(int status, Map<String, String> headers) {
    public Reply {
      headers = Map.copyOf(headers);
    }

    /** An answer of a status alone. */
    public static Reply of(int status) {
      return new Reply(status, Map.of());
    }
  }

  /** Keeps what a receiver got, in the order in which it came. */
  public static final class Inbox implements Consumer<Request> {
    private final List<Request> all = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Request> waiting = new LinkedBlockingQueue<>();

    @Override
    public void accept(Request request) {
      all.add(request);
      waiting.add(request);
    }

    /** Everything so far. */
    public List<Request> all() {
      return List.copyOf(all);
    }

    /** The next one that was not taken yet, as soon as it comes. */
    public Optional<Request> next(Duration patience) throws InterruptedException {
      return Optional.ofNullable(waiting.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  private Receiver(Webhook verifier, HttpServer server, Consumer<Request> listener) {
    this.verifier = verifier;
    this.server = server;
    this.listener = listener;
  }

  /**
   * Starts a receiver on a free port of the loopback address.
   *
   * @param secret the webhook's; base64 after {@code whsec_}, else taken as its bytes
   * @param listener gets every request before it is answered, on many threads at once
   */
  public static Receiver start(String secret, Consumer<Request> listener) throws IOException {
    return start(0, secret, listener);
  }

  /** Starts a receiver likewise, on a port; 0 is a free one. */
  public static Receiver start(int port, String secret, Consumer<Request> listener)
      throws IOException {
    return start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), secret, listener);
  }

  /** Starts a receiver likewise, at an address of this machine. */
  public static Receiver start(InetSocketAddress address, String secret, Consumer<Request> listener)
      throws IOException {
    Receiver receiver =
        new Receiver(verifier(secret), HttpServer.create(address, BACKLOG), listener);
    receiver.server.createContext("/", receiver::handle);
    receiver.server.setExecutor(receiver.threads);
    receiver.server.start();
    return receiver;
  }

  private static Webhook verifier(String secret) {
    try {
      return secret.startsWith("whsec_")
          ? new Webhook(secret)
          : new Webhook(secret.getBytes(StandardCharsets.UTF_8));
    } catch (EmptyWebhookSecretException e) {
      throw new IllegalArgumentException("a receiver needs a secret", e);
    }
  }

  /** Where to send webhooks to. */
  public URI url(String path) {
    InetSocketAddress at = server.getAddress();
    return URI.create("http://" + at.getAddress().getHostAddress() + ":" + at.getPort() + path);
  }

  /** Answers every request from now on like this; the function may block its request. */
  public void answer(Function<Request, Reply> with) {
    answer = with;
  }

  /** Answers every request from now on with a status. */
  public void answer(int status) {
    answer(request -> Reply.of(status));
  }

  /** Answers again as a receiver in order does. */
  public void answerOrdinarily() {
    answer(Receiver::ordinarily);
  }

  private static Reply ordinarily(Request request) {
    return Reply.of(request.isGenuine() ? 204 : 401);
  }

  /** Whether headers and body are what the holder of the secret signed, and not long ago. */
  public boolean isGenuine(HttpHeaders headers, String body) {
    try {
      verifier.verify(body, headers);
      return true;
    } catch (WebhookVerificationException e) {
      return false;
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      HttpHeaders headers = HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true);
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              headers,
              body,
              isGenuine(headers, body));
      listener.accept(request);
      Reply reply = answer.apply(request);
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(reply.status(), -1);
    }
  }

  /** Hangs up on everybody. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
