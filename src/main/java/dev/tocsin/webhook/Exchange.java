package dev.tocsin.webhook;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request under way. It is settled exactly once: by the end of the answer, by the end of what is
 * read of it, by a failure, or by the deadline, whichever comes first.
 *
 * <p>Not thread-safe: everything happens on the context that the request was made on.
 */
final class Exchange {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  private final WebhookRequest asked;
  private final SenderSettings settings;
  private final InstantSource clock;
  private final Consumer<Answer> answered;
  private final Buffer kept = Buffer.buffer();
  private int received;
  private boolean settled;
  private @Nullable HttpClientRequest request;
  private @Nullable HttpClientResponse response;

  Exchange(
      WebhookRequest asked,
      SenderSettings settings,
      InstantSource clock,
      Consumer<Answer> answered) {
    this.asked = asked;
    this.settings = settings;
    this.clock = clock;
    this.answered = answered;
  }

  /** A connection is there: sends the request over it, unless it comes too late. */
  void send(HttpClientRequest obtained, Buffer body) {
    request = obtained;
    if (settled) {
      obtained.reset();
    } else {
      obtained.send(body).onSuccess(this::read).onFailure(this::fail);
    }
  }

  private void read(HttpClientResponse head) {
    if (settled) {
      return;
    }
    response = head;
    head.exceptionHandler(this::fail);
    head.endHandler(end -> settle(byStatus(head)));
    head.handler(this::keep);
  }

  private void keep(Buffer chunk) {
    if (settled) {
      return;
    }
    int wanted = Math.min(settings.keptResponseBytes() - kept.length(), chunk.length());
    kept.appendBuffer(chunk, 0, Math.max(0, wanted));
    received += chunk.length();
    if (received > settings.responseBytesMax()) {
      cutOff();
    }
  }

  /** Settles a request that failed before its answer was whole. */
  void fail(Throwable failure) {
    if (settled) {
      return;
    }
    log.debug("request failed webhook={}", asked.destination().id(), failure);
    settle(response == null ? Failures.answer(failure) : byStatus(response));
  }

  /** Ends the request where it stands, since its time or its share of bytes is used up. */
  void cutOff() {
    if (settled) {
      return;
    }
    settle(response == null ? new Answer.TimedOut() : byStatus(response));
    if (request != null) {
      // Closes the connection: what is still to come over it belongs to this answer.
      request.reset();
    }
  }

  private void settle(Answer answer) {
    if (!settled) {
      settled = true;
      answered.accept(answer);
    }
  }

  private Answer byStatus(HttpClientResponse head) {
    int status = head.statusCode();
    String body = kept.toString(StandardCharsets.UTF_8);
    if (status >= 200 && status < 300) {
      return new Answer.Accepted(status, body);
    }
    String retryAfter =
        status == 429 || status == 503 ? head.getHeader(HttpHeaders.RETRY_AFTER) : null;
    return new Answer.Refused(status, body, RetryAfter.parse(retryAfter, clock.instant()));
  }
}
