package dev.tocsin.app;

import dev.tocsin.process.ApiClient;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Two versions of a file, of which an event shows by what it fires whether they were mixed. */
final class SwappedRules {
  static final String EVENT = "configuration.commitment.updated";

  private SwappedRules() {}

  /** Two rules of this version, and one of every version that says which it is. */
  static String file(String version) {
    return """
    webhooks:
      - { code: ops, name: Operations, url: "https://example.com", active: false, credentials: { empty: true } }
    notifications:
      - { code: %1$s1, name: One, eventName: %2$s, alwaysFireEvent: true, webhooks: [ops] }
      - { code: %1$s2, name: Two, eventName: %2$s, calculation: "new.amount == 100" }
      - { code: is_a, name: A, eventName: %2$s, calculation: "'%1$s' == 'a' AND new.amount == 100" }
      - { code: is_b, name: B, eventName: %2$s, calculation: "'%1$s' == 'b' AND new.amount == 100" }
    """
        .formatted(version, EVENT);
  }

  static Set<String> both(String version) {
    return new TreeSet<>(Set.of(version + "1", version + "2", "is_" + version));
  }

  static Set<String> fired(ApiClient api, String id, int spent) throws Exception {
    JsonObject commitment =
        new JsonObject().put("id", id).put("amountSpent", spent).put("amount", 100);
    return api
        .events(new JsonObject().put("eventName", EVENT).put("new", commitment))
        .accepted()
        .getFirst()
        .notifications()
        .stream()
        .map(ApiClient.Fired::code)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
