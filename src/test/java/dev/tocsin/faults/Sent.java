package dev.tocsin.faults;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An event as a client sends it, and what it must set off.
 *
 * @param id the sender's; it also stands in the payload, as {@code sent}
 * @param fires the code of the rule that must fire, and no other; null when none may
 */
record Sent(String id, JsonObject event, @Nullable String fires) {
  static final String ACCOUNT_CREATED = "account_created";
  static final String CROSSED_90 = "crossed_90";

  /** An account that comes into being, which a rule without a calculation fires on. */
  static Sent account(String id) {
    JsonObject account =
        new JsonObject().put("id", id).put("code", id).put("name", "Account " + id).put("sent", id);
    JsonObject event =
        new JsonObject()
            .put("id", id)
            .put("eventName", "configuration.account.created")
            .put("new", account);
    return new Sent(id, event, ACCOUNT_CREATED);
  }

  /**
   * An update of a commitment without its old state, which the server has to know from the update
   * before.
   *
   * @param before what was spent by that update; null when there was none
   */
  static Sent commitment(String id, String commitment, @Nullable Integer before, int spent) {
    JsonObject state =
        new JsonObject()
            .put("id", commitment)
            .put("accountId", "account-" + commitment)
            .put("amount", 100)
            .put("amountSpent", spent)
            .put("sent", id);
    JsonObject event =
        new JsonObject()
            .put("id", id)
            .put("eventName", "configuration.commitment.updated")
            .put("new", state);
    boolean crosses = spent >= 90 && (before == null || before < 90);
    return new Sent(id, event, crosses ? CROSSED_90 : null);
  }
}
