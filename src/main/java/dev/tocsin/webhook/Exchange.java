package dev.tocsin.webhook;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpResponseHead;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request under way. It is settled exactly once: by the end of the answer, by the end of what is
 * read of it, by a failure, or by the deadline, whichever comes first.
 *
 * <p>It is the codec of its own request, and so travels with it through the web client.
 *
 * <p>Not thread-safe: everything happens on the context that the request was made on.
 */
final class Exchange implements BodyCodec<String> {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  private final WebhookRequest asked;
  private final InstantSource clock;
  private final Consumer<Answer> settled;
  private final AnswerBody body;
  private boolean over;
  private @Nullable HttpClientRequest request;
  private @Nullable HttpResponseHead head;

  Exchange(
      WebhookRequest asked,
      SenderSettings settings,
      InstantSource clock,
      Consumer<Answer> settled) {
    this.asked = asked;
    this.clock = clock;
    this.settled = settled;
    this.body = new AnswerBody(settings, this::cutOff);
  }

  /** A connection is there; answers whether the request is still to be sent over it. */
  boolean connected(HttpClientRequest obtained) {
    request = obtained;
    return !over;
  }

  /** The answer's head is there: whatever becomes of the body, its status counts. */
  void answered(HttpResponseHead response) {
    head = response;
  }

  @Override
  public BodyStream<String> stream() {
    return body;
  }

  /** Settles a request whose answer is whole. */
  void complete(HttpResponseHead response) {
    settle(byStatus(response));
  }

  /** Settles a request that failed before its answer was whole. */
  void fail(Throwable failure) {
    if (over) {
      return;
    }
    log.debug("request failed webhook={}", asked.destination().id(), failure);
    settle(head == null ? Failures.answer(failure) : byStatus(head));
  }

  /** Ends the request where it stands, since its time or its share of bytes is used up. */
  void cutOff() {
    if (over) {
      return;
    }
    settle(head == null ? new Answer.TimedOut() : byStatus(head));
    if (request != null) {
      // Closes the connection: what is still to come over it belongs to this answer.
      request.reset();
    }
  }

  private void settle(Answer answer) {
    if (!over) {
      over = true;
      settled.accept(answer);
    }
  }

  private Answer byStatus(HttpResponseHead response) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return new Answer.Accepted(status, body.text());
    }
    String retryAfter =
        status == 429 || status == 503 ? response.getHeader(HttpHeaders.RETRY_AFTER) : null;
    return new Answer.Refused(status, body.text(), RetryAfter.parse(retryAfter, clock.instant()));
  }
}
