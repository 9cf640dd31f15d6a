package dev.tocsin.faults;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;

/**
 * An event that {@link ChangingRule}s are asked about.
 *
 * @param id the sender's, and the entity's
 * @param before what had been spent, and {@code spent} what has been now
 */
record Update(String id, String eventName, int account, int before, int spent, int amount) {
  /** What most events are; each rule listens to one of them. */
  static final List<String> NAMES =
      List.of(
          "configuration.commitment.updated",
          "configuration.contract.updated",
          "configuration.plan.updated");

  /** What few events are: the rules for it fire on each. */
  static final String RARE = "configuration.counter.updated";

  static final int ACCOUNTS = 10;

  /** All amounts are less. */
  static final int AMOUNTS = 1_000;

  private static final int RARE_OF_A_HUNDRED = 2;
  private static final int STEP_MAX = 200;

  /** Any event. */
  static Update random(String id, Random random) {
    String name =
        random.nextInt(100) < RARE_OF_A_HUNDRED ? RARE : NAMES.get(random.nextInt(NAMES.size()));
    int spent = random.nextInt(AMOUNTS);
    return new Update(
        id,
        name,
        random.nextInt(ACCOUNTS),
        spent - random.nextInt(STEP_MAX),
        spent,
        random.nextInt(AMOUNTS));
  }

  static String accountId(int account) {
    return "account-" + account;
  }

  JsonObject json() {
    return new JsonObject()
        .put("id", id)
        .put("eventName", eventName)
        .put("new", state(spent))
        .put("old", state(before));
  }

  private JsonObject state(int amountSpent) {
    return new JsonObject()
        .put("id", id)
        .put("accountId", accountId(account))
        .put("amount", amount)
        .put("amountSpent", amountSpent);
  }
}
