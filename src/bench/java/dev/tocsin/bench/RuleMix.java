package dev.tocsin.bench;

import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.Calculations;
import dev.tocsin.rule.Parsed;
import java.util.Locale;
import java.util.Random;

/**
 * What the rules of an organization ask for, and events that meet them. However many rules there
 * are, an event meets about as many of them, apart from those that no index can find.
 */
public enum RuleMix {
  /** An account and a threshold: ten rules an account, of which an event passes five. */
  ACCOUNT,

  /** A threshold only: the events stay low, and pass five. */
  THRESHOLD,

  /** Crossing a threshold, as budgets are watched: the old state below, the new one not. */
  CROSSING,

  /** As {@link #ACCOUNT}, but one in a hundred compares a sum, which has to be computed. */
  ONE_PERCENT_COMPUTED;

  private static final int RULES_AN_ACCOUNT = 10;
  private static final int STEP = 100;
  private static final int SEED = 20261124;

  /** The text of a rule. */
  String calculation(int rule) {
    return switch (this) {
      case ACCOUNT -> account(rule);
      case THRESHOLD -> "new.amountSpent >= " + rule * STEP;
      case CROSSING -> crossing(rule);
      case ONE_PERCENT_COMPUTED ->
          rule % 100 == 50 ? "new.amountSpent + new.tax > " + 1_000_000L * rule : account(rule);
    };
  }

  /** A rule, ready to be put into an index. */
  Calculation parsed(int rule) {
    return switch (Calculations.parse(calculation(rule), CalculationLimits.DEFAULTS)) {
      case Parsed.Valid valid -> valid.calculation();
      case Parsed.Invalid invalid -> throw new IllegalStateException(calculation(rule) + invalid);
    };
  }

  /** The same rule for event-ruler, which can express neither a crossing nor a sum. */
  String pattern(int rule) {
    return switch (this) {
      case ACCOUNT -> accountPattern(rule);
      case THRESHOLD -> "{\"new\":{\"amountSpent\":[%s]}}".formatted(numeric(rule * STEP));
      case CROSSING, ONE_PERCENT_COMPUTED ->
          throw new IllegalStateException("event-ruler cannot express " + this);
    };
  }

  private static String account(int rule) {
    return "new.accountId == \"%s\" AND new.amountSpent >= %d"
        .formatted(accountId(rule / RULES_AN_ACCOUNT), rule % RULES_AN_ACCOUNT * STEP);
  }

  private static String accountPattern(int rule) {
    return "{\"new\":{\"accountId\":[\"%s\"],\"amountSpent\":[%s]}}"
        .formatted(accountId(rule / RULES_AN_ACCOUNT), numeric(rule % RULES_AN_ACCOUNT * STEP));
  }

  private static String numeric(int least) {
    return "{\"numeric\":[\">=\",%d]}".formatted(least);
  }

  private static String crossing(int rule) {
    return "old.amountSpent < %1$d AND new.amountSpent >= %1$d".formatted(rule * STEP);
  }

  private static String accountId(int account) {
    return "account-%06d".formatted(account);
  }

  /** The new and the old state of a few thousand events for so many rules. */
  String[][] states(int rules) {
    Random random = new Random(SEED);
    String[][] states = new String[4096][];
    for (int i = 0; i < states.length; i++) {
      String account = accountId(random.nextInt(Math.max(1, rules / RULES_AN_ACCOUNT)));
      int before = this == CROSSING ? random.nextInt(rules * STEP) : 0;
      int after = before + random.nextInt(RULES_AN_ACCOUNT * STEP);
      states[i] = new String[] {commitment(account, after), commitment(account, before)};
    }
    return states;
  }

  private static String commitment(String account, int spent) {
    return String.format(
        Locale.ROOT,
        """
        {"id":"5f0c2a34-0f0e-4f5a-9a44-1d6f4f0c0c11","version":7,"accountId":"%s",\
        "amount":125000,"amountSpent":%d,"tax":12.50,"currency":"USD",\
        "startDate":"2026-01-01","endDate":"2026-12-31","accountCode":"acme-emea",\
        "overageSurchargePercent":7.5,"drawdownsAccountingProductId":"prepaid",\
        "customFields":{"tier":"gold","region":"eu-west-1"}}""",
        account,
        spent);
  }
}
