package dev.tocsin.faults;

import io.vertx.core.json.JsonObject;
import java.util.Random;

/**
 * A rule as its author wrote it at some time.
 *
 * @param slot which of the author's rules it is
 * @param code another one with every change, so that a notification tells which it is of
 * @param condition how it decides
 * @param limit what the condition compares with
 */
record ChangingRule(
    int slot,
    String code,
    String eventName,
    boolean active,
    Condition condition,
    int account,
    int limit) {
  /**
   * The ways in which a rule can decide: each is found in another way by the server's index, and
   * one has to be computed on every event.
   */
  enum Condition {
    THRESHOLD,
    OF_AN_ACCOUNT,
    CROSSING,
    COMPUTED,
    ALWAYS
  }

  private static final Condition[] CONDITIONS = {
    Condition.THRESHOLD, Condition.OF_AN_ACCOUNT, Condition.CROSSING, Condition.COMPUTED
  };

  private static final int RARE_OF_A_HUNDRED = 10;

  /** Any rule that is active. About one in twenty of its events is one that it fires on. */
  static ChangingRule random(int slot, String code, Random random) {
    int account = random.nextInt(Update.ACCOUNTS);
    if (random.nextInt(100) < RARE_OF_A_HUNDRED) {
      return new ChangingRule(slot, code, Update.RARE, true, Condition.ALWAYS, account, 0);
    }
    String name = Update.NAMES.get(random.nextInt(Update.NAMES.size()));
    Condition condition = CONDITIONS[random.nextInt(CONDITIONS.length)];
    return new ChangingRule(slot, code, name, true, condition, account, limit(condition, random));
  }

  private static int limit(Condition condition, Random random) {
    int any = random.nextInt(Update.AMOUNTS);
    return switch (condition) {
      case THRESHOLD -> Update.AMOUNTS - 1 - any / 10;
      case OF_AN_ACCOUNT, CROSSING -> any;
      case COMPUTED -> 2 * Update.AMOUNTS - 1 - any / 2;
      case ALWAYS -> 0;
    };
  }

  /** The same rule with another limit. */
  ChangingRule withOtherLimit(String newCode, Random random) {
    return new ChangingRule(
        slot, newCode, eventName, active, condition, account, limit(condition, random));
  }

  /** The same rule, switched on if it was off, and off if it was on. */
  ChangingRule switched(String newCode) {
    return new ChangingRule(slot, newCode, eventName, !active, condition, account, limit);
  }

  /** Whether it must fire. */
  boolean firesOn(Update update) {
    return active && eventName.equals(update.eventName()) && holds(update);
  }

  private boolean holds(Update update) {
    return switch (condition) {
      case THRESHOLD -> update.spent() >= limit;
      case OF_AN_ACCOUNT -> update.account() == account && update.spent() >= limit;
      case CROSSING -> update.before() < limit && update.spent() >= limit;
      case COMPUTED -> update.spent() + update.amount() > limit;
      case ALWAYS -> true;
    };
  }

  private String calculation() {
    return switch (condition) {
      case THRESHOLD -> "new.amountSpent >= " + limit;
      case OF_AN_ACCOUNT ->
          "new.accountId == '%s' AND new.amountSpent >= %d"
              .formatted(Update.accountId(account), limit);
      case CROSSING -> "old.amountSpent < %1$d AND new.amountSpent >= %1$d".formatted(limit);
      case COMPUTED -> "new.amountSpent + new.amount > " + limit;
      case ALWAYS -> "";
    };
  }

  /** What is sent to the server. */
  JsonObject json() {
    JsonObject json =
        new JsonObject()
            .put("code", code)
            .put("name", "Rule " + slot)
            .put("description", "changes all the time")
            .put("eventName", eventName)
            .put("active", active);
    return condition == Condition.ALWAYS
        ? json.put("alwaysFireEvent", true)
        : json.put("calculation", calculation());
  }
}
