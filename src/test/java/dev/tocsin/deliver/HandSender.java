package dev.tocsin.deliver;

import dev.tocsin.event.EventId;
import dev.tocsin.webhook.Answer;
import dev.tocsin.webhook.WebhookId;
import dev.tocsin.webhook.WebhookRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A sender whose receivers answer when the test says so. */
final class HandSender implements Sender {
  private final Map<EventId, Sent> inFlight = new LinkedHashMap<>();
  private final List<WebhookRequest> made = new ArrayList<>();
  private @Nullable Answer atOnce;
  private @Nullable RuntimeException fault;

  private record Sent(WebhookRequest request, Consumer<Answer> answered) {}

  @Override
  public void send(WebhookRequest request, Consumer<Answer> answered) {
    made.add(request);
    if (fault != null) {
      throw fault;
    }
    if (atOnce != null) {
      answered.accept(atOnce);
    } else {
      inFlight.put(request.id(), new Sent(request, answered));
    }
  }

  /** Answers every request from now on before its send returns. */
  void answerAtOnce(Answer answer) {
    atOnce = answer;
  }

  /** Fails from now on instead of sending; null ends that. */
  void failWith(@Nullable RuntimeException how) {
    fault = how;
  }

  /** Answers the oldest request in flight to a webhook. */
  void answer(WebhookId webhook, Answer answer) {
    Sent oldest =
        inFlight.values().stream()
            .filter(sent -> sent.request().destination().id().equals(webhook))
            .findFirst()
            .orElseThrow();
    inFlight.remove(oldest.request().id());
    oldest.answered().accept(answer);
  }

  /** The webhooks of the requests in flight, in the order they were made. */
  List<WebhookId> inFlight() {
    return inFlight.values().stream().map(sent -> sent.request().destination().id()).toList();
  }

  /** Every request that was ever made. */
  List<WebhookRequest> made() {
    return made;
  }
}
