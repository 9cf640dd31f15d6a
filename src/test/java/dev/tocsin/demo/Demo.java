package dev.tocsin.demo;

import dev.tocsin.demo.Story.Commitment;
import dev.tocsin.demo.Story.Customer;
import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Accepted;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.ApiClient.Fired;
import dev.tocsin.process.ApiClient.Posted;
import dev.tocsin.process.Receiver;
import dev.tocsin.process.Receiver.Inbox;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Commitments cross 90 % of their amount, and one signed webhook tells of each. Shows what happens
 * as it happens, and checks that exactly that happened.
 */
final class Demo {
  private static final Duration WEBHOOK_WITHIN = Duration.ofSeconds(15);
  private static final Duration QUIET = Duration.ofSeconds(1);

  private final Screen screen;
  private final ApiClient api;
  private final Receiver receiver;
  private final Inbox inbox;
  private final Story story;
  private final Witness witness;
  private boolean isAsItShouldBe = true;

  Demo(Screen screen, ApiClient api, Account account, Receiver receiver, Inbox inbox) {
    this.screen = screen;
    this.api = api;
    this.receiver = receiver;
    this.inbox = inbox;
    this.story = new Story(account.organization(), Instant.now());
    this.witness = new Witness(account.organization());
  }

  /** Whether everything was as it should be. */
  boolean run(String secret) throws IOException, InterruptedException {
    setUp(secret);
    screen.columns();
    accountsAreCreated();
    commitmentsAreCreated();
    commitmentsAreSpent();
    anEventIsSentTwice();
    screen.text("");
    checkWebhooks();
    checkTampering();
    return isAsItShouldBe;
  }

  private void setUp(String secret) throws IOException, InterruptedException {
    String webhook = api.webhook("billing", receiver.url("/billing"), "demo-receiver", secret);
    screen.part("webhook", "billing            POST " + receiver.url("/billing"));
    api.link(
        api.rule("commitment_90", Story.COMMITMENT_UPDATED, Story.REACHES_90_PERCENT), webhook);
    screen.part("rule", "commitment_90      " + Story.COMMITMENT_UPDATED + " when");
    screen.part("", "                   " + Story.REACHES_90_PERCENT);
    api.link(api.ruleThatAlwaysFires("account_created", Story.ACCOUNT_CREATED), webhook);
    screen.part("rule", "account_created    " + Story.ACCOUNT_CREATED + ", always");
  }

  private void accountsAreCreated() throws IOException, InterruptedException {
    for (Customer customer : Story.CUSTOMERS) {
      long posted = System.nanoTime();
      Accepted accepted = only(api.events(story.accountCreated(customer)));
      screen.event("account", customer.code(), then(accepted));
      require(fires(accepted, "account_created"), "a new account fires account_created once");
      awaitWebhooks(accepted, customer, customer.accountId(), posted);
    }
  }

  private void commitmentsAreCreated() throws IOException, InterruptedException {
    Posted posted = api.events(story.commitmentsCreated());
    require(
        posted.rejected().isEmpty() && posted.accepted().size() == Story.COMMITMENTS.size(),
        "every commitment is accepted");
    for (Accepted accepted : posted.accepted()) {
      Commitment commitment = Story.COMMITMENTS.get(accepted.index());
      screen.spending(
          commitment.customer().code(), BigDecimal.ZERO, commitment.amount(), then(accepted));
      require(fires(accepted), "a new commitment fires nothing");
    }
  }

  private void commitmentsAreSpent() throws IOException, InterruptedException {
    for (int step = 0; step < Story.stepsMax(); step++) {
      for (Commitment commitment : Story.withStep(step).toList()) {
        isSpent(commitment, step);
      }
    }
  }

  private void isSpent(Commitment commitment, int step) throws IOException, InterruptedException {
    String spent = commitment.steps().get(step);
    long posted = System.nanoTime();
    Accepted accepted = only(api.events(story.spent(commitment, step)));
    screen.spending(
        commitment.customer().code(), new BigDecimal(spent), commitment.amount(), then(accepted));
    require(
        commitment.isReachedBy(spent) ? fires(accepted, "commitment_90") : fires(accepted),
        "commitment_90 fires when 90 % is reached, and only then");
    awaitWebhooks(accepted, commitment.customer(), commitment.id(), posted);
  }

  /** The step that fired, sent again as a client does that got no answer. */
  private void anEventIsSentTwice() throws IOException, InterruptedException {
    Commitment commitment = Story.COMMITMENTS.getFirst();
    JsonObject event = story.spent(commitment, commitment.steps().indexOf(commitment.reaches()));
    Accepted again = only(api.events(event));
    screen.event(
        "repeated",
        commitment.customer().code(),
        again.isDuplicate() ? "recognised by its id, sets nothing off" : "taken for a new event");
    require(again.isDuplicate(), "an event that is sent twice is recognised");
  }

  private static Accepted only(Posted posted) throws IOException {
    if (posted.accepted().size() != 1) {
      throw new IOException("the server did not accept the event: " + posted);
    }
    return posted.accepted().getFirst();
  }

  private static boolean fires(Accepted accepted, String... codes) {
    return accepted.notifications().stream().map(Fired::code).toList().equals(List.of(codes));
  }

  private static String then(Accepted accepted) {
    List<String> codes = accepted.notifications().stream().map(Fired::code).toList();
    return codes.isEmpty() ? "" : "fires " + String.join(", ", codes);
  }

  private void awaitWebhooks(Accepted accepted, Customer customer, String entity, long posted)
      throws InterruptedException {
    witness.expect(accepted, entity);
    for (int n = 0; n < accepted.notifications().size(); n++) {
      Optional<Receiver.Request> request = inbox.next(WEBHOOK_WITHIN);
      if (request.isEmpty()) {
        require(false, "the webhook comes within " + WEBHOOK_WITHIN.toSeconds() + " s");
        return;
      }
      Optional<String> fault = witness.fault(request.get());
      long millis = Duration.ofNanos(System.nanoTime() - posted).toMillis();
      screen.event(
          "  webhook",
          customer.code(),
          fault.orElse(
              "received, signature verified, " + millis + " ms after the event was posted"));
      require(fault.isEmpty(), "a webhook says what it must");
    }
  }

  private void checkWebhooks() throws InterruptedException {
    boolean isQuiet = inbox.next(QUIET).isEmpty();
    check(
        isQuiet && witness.sawEachOnce(inbox.all()),
        inbox.all().size()
            + " webhooks received, "
            + witness.expected()
            + " notifications fired: each came once, and no other");
    check(
        witness.expected() == Story.CUSTOMERS.size() + 3L,
        "one for each of the 4 accounts, one for each of the 3 commitments that reached 90 %");
    check(
        inbox.all().stream().allMatch(Receiver.Request::isGenuine),
        "every signature verified with the public Standard Webhooks library");
  }

  /** A check that passes whatever it is given would prove nothing. */
  private void checkTampering() {
    if (inbox.all().isEmpty()) {
      check(false, "there is no webhook to tamper with");
      return;
    }
    Receiver.Request genuine = inbox.all().getLast();
    check(
        receiver.isGenuine(genuine.headers(), genuine.body())
            && !receiver.isGenuine(genuine.headers(), genuine.body() + " ")
            && !receiver.isGenuine(withOtherId(genuine.headers()), genuine.body()),
        "a copy with another body or another id does not verify");
  }

  private static HttpHeaders withOtherId(HttpHeaders headers) {
    Map<String, List<String>> changed = new HashMap<>(headers.map());
    changed.keySet().removeIf(name -> name.equalsIgnoreCase("webhook-id"));
    changed.put("webhook-id", List.of("00000000-0000-7000-8000-000000000000"));
    return HttpHeaders.of(changed, (name, value) -> true);
  }

  /** Shown only if it does not hold. */
  private void require(boolean holds, String what) {
    if (!holds) {
      check(false, what);
    }
  }

  private void check(boolean holds, String what) {
    screen.check(holds, what);
    isAsItShouldBe &= holds;
  }
}
