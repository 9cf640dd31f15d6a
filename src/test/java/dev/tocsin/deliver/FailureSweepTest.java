package dev.tocsin.deliver;

import static dev.tocsin.deliver.Samples.ACME;
import static dev.tocsin.deliver.Samples.BOLT;
import static dev.tocsin.deliver.Samples.NOW;
import static dev.tocsin.deliver.Samples.run;
import static dev.tocsin.deliver.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.deliver.FailureSweep.Round;
import dev.tocsin.event.Category;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.flow.NotificationMessage;
import dev.tocsin.flow.Produced;
import dev.tocsin.flow.RulesChanged;
import dev.tocsin.flow.RunId;
import dev.tocsin.webhook.IntegrationId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FailureSweepTest {
  private static final IntegrationId LINK = new IntegrationId(new UUID(2, 1));

  private final Waiting store = new Waiting();
  private final List<IncomingEvent> produced = new ArrayList<>();
  private final List<RulesChanged> changes = new ArrayList<>();
  private boolean ingestIsFull;
  private final FailureSweep sweep =
      new FailureSweep(
          new FailureSweep.Limits(2, 3, Duration.ofDays(3)),
          store,
          this::produce,
          changes::add,
          new SimpleMeterRegistry());

  private Produced produce(OrganizationId organization, List<IncomingEvent> events) {
    if (ingestIsFull) {
      return new Produced.Postponed("full");
    }
    produced.addAll(events);
    return new Produced.Stored();
  }

  @Test
  void a_failure_is_told_by_an_event_with_message_cause_and_what_to_do() {
    store.add(owed(ACME, 1, Failure.AUTHENTICATION, Category.CONFIGURATION, null));

    assertThat(sweep.runOnce()).isEqualTo(new Round(1, 0, 1));

    IncomingEvent event = produced.getFirst();
    assertThat(event.key())
        .isEqualTo(IdempotencyKey.ofProducer("run:" + run(1) + ":authentication"));
    assertThat(event.name().value()).isEqualTo("integration.authentication.error");
    assertThat(event.category()).isEqualTo(Category.INTEGRATION);
    assertThat(event.time()).isEqualTo(NOW);
    assertThat(event.accountId()).isEqualTo("account-1");
    Map<String, @Nullable Object> told = payload(event).fields();
    assertThat(told)
        .containsEntry("cause", "The receiver refuses the webhook's credentials: it answered 401.")
        .containsEntry("integrationRunId", run(1).toString())
        .containsEntry("integrationConfigId", LINK.toString())
        .containsEntry("entityType", "Notification")
        .containsEntry("entityId", Samples.RULE.toString())
        .containsEntry("destinationId", webhook(1).toString())
        .containsEntry("status", "AUTH_FAILED")
        .containsEntry("responseStatus", 401L)
        .containsEntry("attempt", 2L)
        .containsEntry("eventId", message(1).cause().id().toString())
        .containsEntry("eventName", "configuration.commitment.updated")
        .containsEntry("accountId", "account-1");
    assertThat((String) told.get("message"))
        .startsWith((String) told.get("cause"))
        .endsWith((String) told.get("action"));
    assertThat(sweep.runOnce()).isEqualTo(new Round(0, 0, 0));
  }

  @Test
  void that_an_event_expired_is_told_and_nothing_of_what_it_said() {
    Owed one = owed(ACME, 1, Failure.PERFORM, Category.BILLING, null);
    Owed.About about = one.about();
    store.add(
        new Owed(
            ACME,
            one.run(),
            one.failure(),
            0,
            one.status(),
            null,
            "the event expired before it was delivered",
            NOW,
            new Owed.About(
                about.integration(),
                about.webhook(),
                about.rule(),
                about.ruleCode(),
                about.notification(),
                about.causeId(),
                new Owed.Cause(null, Category.BILLING, null)),
            null));

    assertThat(sweep.runOnce()).isEqualTo(new Round(1, 0, 1));

    IncomingEvent event = produced.getFirst();
    assertThat(event.name().value()).isEqualTo("integration.perform.error");
    assertThat(event.accountId()).isNull();
    assertThat(payload(event).fields())
        .containsEntry(
            "cause",
            "The notification was not delivered before its event expired, after 0 attempts.")
        .containsEntry("eventName", null)
        .containsEntry("accountId", null);
    assertThat(text(event, "action")).doesNotContain("then replay");
  }

  @Test
  void each_kind_has_its_event() {
    store.add(owed(ACME, 1, Failure.VALIDATION, Category.BILLING, null));
    store.add(owed(ACME, 2, Failure.PERFORM, Category.BILLING, null));
    store.add(owed(ACME, 3, Failure.DISABLED, Category.BILLING, null));
    sweep.runOnce();
    store.add(owed(ACME, 4, Failure.MISSINGACCOUNTMAPPING, Category.BILLING, null));
    sweep.runOnce();

    assertThat(produced)
        .extracting(event -> event.name().value())
        .containsExactly(
            "integration.validation.error",
            "integration.perform.error",
            "integration.disabled.error",
            "integration.missingaccountmapping.error");
  }

  /**
   * What happens when the server dies, or ingest has no room, before a failure is noted as told.
   */
  @Test
  void what_was_not_noted_as_told_is_told_again_under_the_same_key() {
    store.add(owed(ACME, 1, Failure.DISABLED, Category.CONFIGURATION, null));
    ingestIsFull = true;
    assertThat(sweep.runOnce()).isEqualTo(new Round(0, 1, 0));
    assertThat(store.disabled).containsEntry(LINK, run(1));

    ingestIsFull = false;
    store.forgetsWhatIsTold = true;
    sweep.runOnce();
    store.forgetsWhatIsTold = false;
    sweep.runOnce();

    assertThat(produced).hasSize(2);
    assertThat(produced.get(1).key()).isEqualTo(produced.get(0).key());
    assertThat(changes).as("the link was disabled once").hasSize(1);
    assertThat(sweep.runOnce()).isEqualTo(new Round(0, 0, 0));
  }

  @Test
  void no_event_tells_of_a_delivery_that_tells_of_such_an_event_nor_of_one_that_has_expired() {
    store.add(owed(ACME, 1, Failure.PERFORM, Category.INTEGRATION, null));
    store.add(owed(ACME, 2, Failure.DISABLED, Category.INTEGRATION, null));
    store.add(owed(ACME, 3, Failure.PERFORM, null, null));

    assertThat(sweep.runOnce()).isEqualTo(new Round(3, 0, 0));

    assertThat(produced).isEmpty();
    assertThat(store.disabled).as("there is nobody at its address").containsKey(LINK);
  }

  @Test
  void many_runs_that_find_the_receiver_gone_disable_its_link_once() {
    for (int n = 1; n <= 3; n++) {
      store.add(owed(ACME, n, Failure.DISABLED, Category.CONFIGURATION, null));
    }

    assertThat(sweep.runOnce()).isEqualTo(new Round(3, 0, 1));
    assertThat(changes).containsExactly(new RulesChanged(ACME, 7));
    assertThat(text(produced.getFirst(), "message"))
        .contains("answered 410")
        .contains("was disabled");
  }

  @Test
  void a_run_that_is_given_up_disables_its_link_when_every_request_failed_for_days() {
    Instant days = NOW.minus(Duration.ofDays(3));
    store.add(owed(ACME, 1, Failure.PERFORM, Category.CONFIGURATION, days.plusMillis(1)));
    sweep.runOnce();
    assertThat(store.disabled).isEmpty();

    store.add(owed(ACME, 2, Failure.PERFORM, Category.CONFIGURATION, days));
    assertThat(sweep.runOnce()).isEqualTo(new Round(1, 0, 2));

    assertThat(produced.getLast().name().value()).isEqualTo("integration.disabled.error");
    assertThat(text(produced.getLast(), "cause")).contains("failed since " + days);
    assertThat(changes).hasSize(1);
  }

  @Test
  void organizations_take_turns_and_a_storm_is_told_at_the_pace_of_the_rounds() {
    OrganizationId third = new OrganizationId(new UUID(0, 3));
    for (int n = 1; n <= 8; n++) {
      store.add(owed(ACME, n, Failure.PERFORM, Category.CONFIGURATION, null));
    }
    store.add(owed(BOLT, 1, Failure.PERFORM, Category.CONFIGURATION, null));
    store.add(owed(third, 1, Failure.PERFORM, Category.CONFIGURATION, null));

    assertThat(sweep.runOnce()).isEqualTo(new Round(4, 0, 4));
    assertThat(sweep.runOnce()).as("those after the last one").isEqualTo(new Round(1, 0, 1));
    assertThat(sweep.runOnce()).isEqualTo(new Round(3, 0, 3));
    assertThat(sweep.runOnce()).isEqualTo(new Round(2, 0, 2));
  }

  /** It would be the first of every round. */
  @Test
  void an_organization_whose_failures_cannot_be_told_keeps_no_other_ones() {
    store.add(owed(ACME, 1, Failure.DISABLED, Category.CONFIGURATION, null));
    store.add(owed(BOLT, 2, Failure.PERFORM, Category.CONFIGURATION, null));
    store.broken = ACME;

    assertThat(sweep.runOnce()).isEqualTo(new Round(1, 1, 1));

    store.broken = null;
    assertThat(sweep.runOnce()).isEqualTo(new Round(0, 0, 0));
    assertThat(sweep.runOnce()).as("in its turn").isEqualTo(new Round(1, 0, 1));
  }

  private static Owed owed(
      OrganizationId organization,
      int number,
      Failure failure,
      @Nullable Category cause,
      @Nullable Instant failingSince) {
    NotificationMessage message = message(number);
    return new Owed(
        organization,
        run(number),
        failure,
        2,
        failure == Failure.AUTHENTICATION ? RunStatus.AUTH_FAILED : RunStatus.ERROR,
        failure == Failure.AUTHENTICATION ? 401 : null,
        "it \"failed\"",
        NOW,
        new Owed.About(
            LINK,
            webhook(1),
            message.rule(),
            message.ruleCode(),
            message.id(),
            message.cause().id(),
            cause == null
                ? null
                : new Owed.Cause(message.cause().name().value(), cause, "account-1")),
        failingSince);
  }

  private static NotificationMessage message(int number) {
    return Samples.message(ACME, number);
  }

  private static String text(IncomingEvent event, String field) {
    return String.valueOf(payload(event).fields().get(field));
  }

  private static Payload payload(IncomingEvent event) {
    return Objects.requireNonNull(event.after());
  }

  /** Failures in memory; whatever is not told is there for the next claim. */
  private static final class Waiting implements FailureStore {
    private final List<Owed> waiting = new ArrayList<>();
    private final Map<IntegrationId, RunId> disabled = new HashMap<>();
    private boolean forgetsWhatIsTold;
    private @Nullable OrganizationId broken;

    void add(Owed owed) {
      waiting.add(owed);
    }

    @Override
    public List<Owed> claim(
        @Nullable OrganizationId after, int organizationsMax, int perOrganizationMax) {
      return waiting.stream()
          .map(Owed::organization)
          .filter(organization ->
              after == null || organization.toString().compareTo(after.toString()) > 0)
          .distinct()
          .sorted(Comparator.comparing(OrganizationId::toString))
          .limit(organizationsMax)
          .flatMap(organization ->
              waiting.stream()
                  .filter(owed -> owed.organization().equals(organization))
                  .limit(perOrganizationMax))
          .toList();
    }

    @Override
    public void told(Collection<Owed> failures) {
      if (!forgetsWhatIsTold) {
        waiting.removeAll(failures);
      }
    }

    @Override
    public Disabling disable(Owed failure) {
      if (failure.organization().equals(broken)) {
        throw new IllegalStateException("no answer");
      }
      RunId by = disabled.putIfAbsent(failure.about().integration(), failure.run());
      if (by == null) {
        return new Disabling.Done(OptionalLong.of(7));
      }
      return by.equals(failure.run())
          ? new Disabling.Done(OptionalLong.empty())
          : new Disabling.NotOurs();
    }
  }
}
