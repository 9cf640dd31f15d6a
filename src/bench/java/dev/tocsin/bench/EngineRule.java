package dev.tocsin.bench;

import dev.tocsin.event.Change;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rules that engines are compared on, each with sixteen events of 20 fields: about half of them
 * fire, and some have no old value.
 */
enum EngineRule {
  /**
   * A threshold on amounts that other engines read as doubles, and ours as the whole numbers they
   * are.
   */
  DOUBLES(
      "(new.amountSpent >= 4500) AND ((old.amountSpent < 4500) OR (old.amountSpent == null))",
      "n.amountSpent >= 4500 && (o.amountSpent < 4500 || o.amountSpent == null)"),

  /** The same threshold on amounts with cents, exact. */
  CENTS(
      DOUBLES.calculation,
      DOUBLES.expression),

  /** The threshold of m3ter's guide, with exact divisions. */
  DECIMALS(
      "(new.amountSpent >= ((new.amount*100)/90)) AND"
          + " ((old.amountSpent <= ((old.amount*100)/90)) OR (old.amountSpent == null))",
      "(n.amountSpent >= ((n.amount*100)/90)) &&"
          + " ((o.amountSpent <= ((o.amount*100)/90)) || (o.amountSpent == null))"),

  EQUALITY(
      "new.accountId == \"6f2f1a9e-5d3c-4c58-9a57-0c2f5b0e9d31\"",
      "n.accountId == \"6f2f1a9e-5d3c-4c58-9a57-0c2f5b0e9d31\"");

  private static final BigDecimal THRESHOLD = new BigDecimal("4500");
  private static final BigDecimal HUNDRED = new BigDecimal("100");
  private static final BigDecimal NINETY = new BigDecimal("90");
  private static final int EVENTS = 16;
  private static final int OTHER_FIELDS = 17;

  private final String calculation;
  private final String expression;

  EngineRule(String calculation, String expression) {
    this.calculation = calculation;
    this.expression = expression;
  }

  /** In our language. */
  String calculation() {
    return calculation;
  }

  /** In what most other languages have in common, with {@code n} and {@code o} for the states. */
  String expression() {
    return expression;
  }

  /** As a Java programmer would write it for this rule alone. */
  Predicate<Change> lambda() {
    return switch (this) {
      case DOUBLES -> EngineRule::crossesAsDouble;
      case CENTS -> EngineRule::crossesExactly;
      case DECIMALS -> EngineRule::passesNineTenths;
      case EQUALITY -> EngineRule::isTheAccount;
    };
  }

  /** Whether it takes an engine with exact decimals. */
  boolean isExact() {
    return this == CENTS || this == DECIMALS;
  }

  /** The events as our server reads them. */
  List<Change> events() {
    return IntStream.range(0, EVENTS).mapToObj(this::event).toList();
  }

  /** The same events as the other engines and the lambda get them. */
  List<Change> eventsOfOthers() {
    return this == DOUBLES ? events().stream().map(EngineRule::withDoubles).toList() : events();
  }

  private Change event(int number) {
    String cents = this == DOUBLES ? "" : ".25";
    String spent = (number % 2 == 0 ? 5600 : 4300) + number + cents;
    String before = number % 5 == 0 ? "null" : 4200 + number + cents;
    return new Change(Instant.EPOCH, state(spent, number), state(before, number));
  }

  private static Payload state(String amountSpent, int number) {
    String account = "6f2f1a9e-5d3c-4c58-9a57-0c2f5b0e9d3" + (number % 2 == 0 ? 1 : 2);
    String others =
        String.join(
            ",",
            IntStream.range(0, OTHER_FIELDS).mapToObj(i -> "\"field%d\":\"%d\"".formatted(i, i)).toList());
    try {
      return JsonValues.payload(
          "{%s,\"accountId\":\"%s\",\"amount\":5000.00,\"amountSpent\":%s}"
              .formatted(others, account, amountSpent));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Change withDoubles(Change change) {
    return new Change(change.time(), withDoubles(change.after()), withDoubles(change.before()));
  }

  // javac leaves the @Nullable of a compact constructor's parameter out of the class file that the
  // tests are compiled against
  @SuppressWarnings("NullAway")
  private static @Nullable Payload withDoubles(@Nullable Payload payload) {
    if (payload == null) {
      return null;
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(payload.fields());
    fields.replaceAll((_, value) -> value instanceof Number number ? number.doubleValue() : value);
    return new Payload(payload.json(), fields);
  }

  private static boolean crossesAsDouble(Change change) {
    return field(change.after(), "amountSpent") instanceof Double spent
        && spent >= 4500
        && (!(field(change.before(), "amountSpent") instanceof Double before) || before < 4500);
  }

  private static boolean crossesExactly(Change change) {
    return field(change.after(), "amountSpent") instanceof BigDecimal spent
        && spent.compareTo(THRESHOLD) >= 0
        && (!(field(change.before(), "amountSpent") instanceof BigDecimal before)
            || before.compareTo(THRESHOLD) < 0);
  }

  private static boolean passesNineTenths(Change change) {
    return field(change.after(), "amountSpent") instanceof BigDecimal spent
        && field(change.after(), "amount") instanceof BigDecimal amount
        && spent.compareTo(ninetieth(amount)) >= 0
        && (!(field(change.before(), "amountSpent") instanceof BigDecimal before)
            || (field(change.before(), "amount") instanceof BigDecimal amountBefore
                && before.compareTo(ninetieth(amountBefore)) <= 0));
  }

  private static BigDecimal ninetieth(BigDecimal amount) {
    return amount.multiply(HUNDRED).divide(NINETY, MathContext.DECIMAL128);
  }

  private static boolean isTheAccount(Change change) {
    return "6f2f1a9e-5d3c-4c58-9a57-0c2f5b0e9d31".equals(field(change.after(), "accountId"));
  }

  private static @Nullable Object field(@Nullable Payload state, String name) {
    return state == null ? null : state.fields().get(name);
  }
}
