package dev.tocsin.demo;

import dev.tocsin.process.ApiClient.Accepted;
import dev.tocsin.process.ApiClient.Fired;
import dev.tocsin.process.Receiver;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Compares the webhooks that came with those that had to come. */
final class Witness {
  private final String organization;
  private final Map<String, Expected> expected = new HashMap<>();

  /** A webhook that must come: for this event, which is about this entity, by this rule. */
  private record Expected(String rule, String event, String entity) {}

  Witness(String organization) {
    this.organization = organization;
  }

  /** Takes down the webhooks that an accepted event must lead to. */
  void expect(Accepted event, String entity) {
    for (Fired fired : event.notifications()) {
      expected.put(fired.id(), new Expected(fired.code(), event.id(), entity));
    }
  }

  int expected() {
    return expected.size();
  }

  /** What is wrong with a webhook; nothing when it says what it must. */
  Optional<String> fault(Receiver.Request request) {
    Expected due = expected.get(request.webhookId());
    if (!request.isGenuine()) {
      return Optional.of("its signature is wrong");
    }
    if (due == null) {
      return Optional.of("no event asked for it, webhook-id " + request.webhookId());
    }
    try {
      return contentFault(request, due);
    } catch (DecodeException | ClassCastException e) {
      return Optional.of("its body is not the JSON it has to be: " + request.body());
    }
  }

  private Optional<String> contentFault(Receiver.Request request, Expected due) {
    JsonObject data = object(new JsonObject(request.body()), "data");
    JsonObject event = object(data, "event");
    boolean isRight =
        request.method().equals("POST")
            && request.webhookId().equals(data.getString("id"))
            && organization.equals(data.getString("organizationId"))
            && due.rule().equals(object(data, "notification").getString("code"))
            && due.event().equals(event.getString("id"))
            && due.entity().equals(event.getString("resourceId"));
    return isRight
        ? Optional.empty()
        : Optional.of("it does not say " + due + " but " + request.body());
  }

  private static JsonObject object(JsonObject in, String key) {
    return in.getJsonObject(key, new JsonObject());
  }

  /** Whether each webhook that had to come came once, and no other did. */
  boolean sawEachOnce(List<Receiver.Request> requests) {
    Map<String, Integer> times = new TreeMap<>();
    requests.forEach(request -> times.merge(request.webhookId(), 1, Integer::sum));
    return times.keySet().equals(expected.keySet())
        && times.values().stream().allMatch(count -> count == 1);
  }
}
