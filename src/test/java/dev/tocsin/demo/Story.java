package dev.tocsin.demo;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Customers and the commitments they spend, in the shapes that a billing system sends. */
final class Story {
  static final String ACCOUNT_CREATED = "configuration.account.created";
  static final String COMMITMENT_CREATED = "configuration.commitment.created";
  static final String COMMITMENT_UPDATED = "configuration.commitment.updated";

  /**
   * True once for each commitment: when what is spent reaches nine tenths of the amount, and was
   * below before. With {@code <=} for what was before, a commitment that lands on exactly 90 %
   * would be told twice: on landing there, and when it leaves.
   */
  static final String REACHES_90_PERCENT =
      "(new.amountSpent >= ((new.amount*90)/100))"
          + " AND ((old.amountSpent < ((old.amount*90)/100)) OR (old.amountSpent == null))";

  private static final Customer LARKSPUR = new Customer("larkspur_robotics", "Larkspur Robotics");
  private static final Customer TIDEWATER = new Customer("tidewater_grid", "Tidewater Grid");
  private static final Customer BRAMBLE = new Customer("bramble_and_finch", "Bramble & Finch");
  private static final Customer OSTLER = new Customer("ostler_freight", "Ostler Freight");

  static final List<Customer> CUSTOMERS = List.of(LARKSPUR, TIDEWATER, BRAMBLE, OSTLER);

  /** Each with what it has spent after every update, and the one with which it reaches 90 %. */
  static final List<Commitment> COMMITMENTS =
      List.of(
          commitment(LARKSPUR, "15000", "13650", "4200", "9900.50", "13650", "14400"),
          commitment(TIDEWATER, "8000", "7200", "3000", "7200", "7600"), // exactly 90 %
          commitment(BRAMBLE, "2500", "2850", "1900", "2850", "3000"), // overshoots
          commitment(OSTLER, "40000", "never", "12000", "31000", "35999.99")); // 89.99 %

  private final String organization;
  private final Instant start;

  /** A story of one organization that starts at a time. */
  Story(String organization, Instant start) {
    this.organization = organization;
    this.start = start.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Whom an account is of. */
  record Customer(String code, String name) {
    String accountId() {
      return id("account", code);
    }
  }

  /**
   * What a customer promised to spend.
   *
   * @param reaches the step that takes it over the threshold, or {@code never}
   */
  record Commitment(Customer customer, BigDecimal amount, String reaches, List<String> steps) {
    String id() {
      return Story.id("commitment", customer.code());
    }

    boolean isReachedBy(String step) {
      return step.equals(reaches);
    }
  }

  private static Commitment commitment(
      Customer customer, String amount, String reaches, String... steps) {
    return new Commitment(customer, new BigDecimal(amount), reaches, List.of(steps));
  }

  private static String id(String kind, String name) {
    return UUID.nameUUIDFromBytes((kind + "/" + name).getBytes(StandardCharsets.UTF_8)).toString();
  }

  JsonObject accountCreated(Customer customer) {
    return event("account-" + customer.code(), ACCOUNT_CREATED, start, account(customer));
  }

  /** All commitments, nothing of them spent, as one batch. */
  JsonObject commitmentsCreated() {
    return new JsonObject()
        .put(
            "events",
            new JsonArray(
                COMMITMENTS.stream()
                    .map(commitment ->
                        event(
                            "commitment-" + commitment.customer().code() + "-1",
                            COMMITMENT_CREATED,
                            start,
                            state(commitment, 1, BigDecimal.ZERO)))
                    .toList()));
  }

  /** The update that a step of a commitment is; what was before is for the server to know. */
  JsonObject spent(Commitment commitment, int step) {
    int version = step + 2;
    return event(
        "commitment-" + commitment.customer().code() + "-" + version,
        COMMITMENT_UPDATED,
        start.plusSeconds(version),
        state(commitment, version, new BigDecimal(commitment.steps().get(step))));
  }

  static int stepsMax() {
    return COMMITMENTS.stream().mapToInt(commitment -> commitment.steps().size()).max().orElse(0);
  }

  /** The commitments that have a step of this number. */
  static Stream<Commitment> withStep(int step) {
    return COMMITMENTS.stream().filter(commitment -> step < commitment.steps().size());
  }

  private static JsonObject event(String id, String name, Instant time, JsonObject state) {
    return new JsonObject()
        .put("id", id)
        .put("eventName", name)
        .put("eventTime", time.toString())
        .put("new", state);
  }

  private JsonObject account(Customer customer) {
    return audited(
        1,
        new JsonObject()
            .put("id", customer.accountId())
            .put("orgId", organization)
            .put("code", customer.code())
            .put("name", customer.name())
            .put("currency", "USD")
            .put("emailAddress", "billing@" + customer.code().replace('_', '-') + ".example")
            .put("daysBeforeBillDue", 30)
            .put("customFields", new JsonObject().put("tier", "enterprise")));
  }

  private JsonObject state(Commitment commitment, int version, BigDecimal spent) {
    Customer customer = commitment.customer();
    return audited(
        version,
        new JsonObject()
            .put("id", commitment.id())
            .put("orgId", organization)
            .put("accountId", customer.accountId())
            .put("accountCode", customer.code())
            .put("contractId", id("contract", customer.code()))
            .put("currency", "USD")
            .put("amount", commitment.amount())
            .put("amountSpent", spent)
            .put("amountPrePaid", 0)
            .put("startDate", "2026-01-01")
            .put("endDate", "2026-12-31")
            .put("billingInterval", 1)
            .put("billingOffset", 0)
            .put("billingPlanId", id("plan", "standard"))
            .put("overageSurchargePercent", 5)
            .put("productIds", new JsonArray().add(id("product", "compute")))
            .put("commitmentFeeDescription", "")
            .put("commitmentUsageDescription", "")
            .put("overageDescription", ""));
  }

  private JsonObject audited(int version, JsonObject state) {
    String author = "USER_" + id("user", "billing");
    return state
        .put("version", version)
        .put("createdBy", author)
        .put("lastModifiedBy", author)
        .put("dtCreated", start.minusMillis(1_500).toString())
        .put("dtLastModified", start.plusSeconds(version).minusMillis(1_500).toString());
  }
}
