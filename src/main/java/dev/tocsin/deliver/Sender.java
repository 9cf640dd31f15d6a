package dev.tocsin.deliver;

import dev.tocsin.webhook.Answer;
import dev.tocsin.webhook.WebhookRequest;
import java.util.function.Consumer;

/** Makes one request to a webhook. */
@FunctionalInterface
public interface Sender {
  /**
   * Starts the request and does not wait for it. The answer is passed on exactly once, at the
   * latest when the timeout is over, on the caller's context and possibly before this returns;
   * every failure is an answer.
   */
  void send(WebhookRequest request, Consumer<Answer> answered);
}
