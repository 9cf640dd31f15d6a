package dev.tocsin.deliver;

import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.Produced;
import dev.tocsin.flow.RulesChanged;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells customers of failed deliveries, by events that take the road of all events, and disables
 * the links that lead nowhere.
 *
 * <p>A failure is durable with the outcome that it is of. It is told, and then noted as told; if
 * the server dies between the two, it is told again under the same key, which changes nothing. A
 * link is disabled before its event is made and keeps the run that it was disabled for, so that
 * this event is made once, however many runs find the receiver gone, and is made even if the server
 * dies between the two.
 *
 * <p>A storm of failures is told at this sweep's pace: so many of each organization in each round,
 * and the organizations take turns.
 */
public final class FailureSweep {
  private static final Logger log = LoggerFactory.getLogger(FailureSweep.class);

  private final Limits limits;
  private final FailureStore store;
  private final Producer producer;
  private final Consumer<RulesChanged> rulesChanged;
  private final Counter told;
  private final Counter kept;
  private final Counter disabled;
  private @Nullable OrganizationId last;

  /**
   * The bounds of one round.
   *
   * @param organizationsMax of how many organizations failures are told, at most
   * @param perOrganizationMax how many of each, at most
   * @param disableAfter how long every attempt to a webhook must have failed before a run that is
   *     given up disables its link
   */
  public record Limits(int organizationsMax, int perOrganizationMax, Duration disableAfter) {
    public Limits {
      if (organizationsMax < 1 || perOrganizationMax < 1 || !disableAfter.isPositive()) {
        throw new IllegalArgumentException("limits of the failure sweep must be positive");
      }
    }
  }

  /** Where events go. */
  @FunctionalInterface
  public interface Producer {
    /** Has events stored and waits for it. */
    Produced produce(OrganizationId organization, List<IncomingEvent> events);
  }

  /**
   * A sweep for one node.
   *
   * @param rulesChanged told of each link that is disabled
   */
  public FailureSweep(
      Limits limits,
      FailureStore store,
      Producer producer,
      Consumer<RulesChanged> rulesChanged,
      MeterRegistry meters) {
    this.limits = limits;
    this.store = store;
    this.producer = producer;
    this.rulesChanged = rulesChanged;
    this.told = meters.counter("tocsin.deliver.failures.told");
    this.kept = meters.counter("tocsin.deliver.failures.kept");
    this.disabled = meters.counter("tocsin.deliver.disabled");
  }

  /**
   * What one round did.
   *
   * @param told failures that are dealt with, whether an event tells of them or none has to
   * @param kept those that could not be told, and will be later
   * @param events how many events were made
   */
  public record Round(int told, int kept, int events) {}

  /** Tells what waits, within the bounds. */
  public Round runOnce() {
    List<Owed> owed = store.claim(last, limits.organizationsMax(), limits.perOrganizationMax());
    Map<OrganizationId, List<Owed>> byOrganization = new LinkedHashMap<>();
    owed.forEach(failure ->
        byOrganization
            .computeIfAbsent(failure.organization(), none -> new ArrayList<>())
            .add(failure));
    last = byOrganization.size() < limits.organizationsMax() ? null : owed.getLast().organization();
    Round round = new Round(0, 0, 0);
    for (Map.Entry<OrganizationId, List<Owed>> entry : byOrganization.entrySet()) {
      round = plus(round, tellOrKeep(entry.getKey(), entry.getValue()));
    }
    told.increment(round.told());
    kept.increment(round.kept());
    return round;
  }

  private static Round plus(Round one, Round other) {
    return new Round(
        one.told() + other.told(), one.kept() + other.kept(), one.events() + other.events());
  }

  /** An organization that fails is the same one in every round, and others are behind it. */
  private Round tellOrKeep(OrganizationId organization, List<Owed> failures) {
    try {
      return tell(organization, failures);
    } catch (RuntimeException e) {
      log.error(
          "failures could not be told organization={} count={}", organization, failures.size(), e);
      return new Round(0, failures.size(), 0);
    }
  }

  private Round tell(OrganizationId organization, List<Owed> failures) {
    List<IncomingEvent> events = new ArrayList<>();
    for (Owed owed : failures) {
      boolean disabledLink = leadsNowhere(owed) && disable(owed);
      if (owed.isToBeTold()) {
        if (owed.failure() != Failure.DISABLED) {
          events.add(FailureEvents.of(owed, owed.failure()));
        }
        if (disabledLink) {
          events.add(FailureEvents.of(owed, Failure.DISABLED));
        }
      }
    }
    Produced produced =
        events.isEmpty() ? new Produced.Stored() : producer.produce(organization, events);
    return switch (produced) {
      case Produced.Stored _ -> {
        store.told(failures);
        yield new Round(failures.size(), 0, events.size());
      }
      case Produced.Postponed(String reason) -> {
        log.warn(
            "failures not told yet organization={} count={} cause=\"{}\"",
            organization,
            failures.size(),
            reason);
        yield new Round(0, failures.size(), 0);
      }
      case Produced.Failed(Throwable cause) -> {
        log.error(
            "failures could not be told organization={} count={}",
            organization,
            failures.size(),
            cause);
        yield new Round(0, failures.size(), 0);
      }
    };
  }

  private boolean leadsNowhere(Owed owed) {
    return switch (owed.failure()) {
      case DISABLED -> true;
      case PERFORM -> {
        Instant since = owed.failingSince();
        yield since != null && !since.plus(limits.disableAfter()).isAfter(owed.occurred());
      }
      case AUTHENTICATION, VALIDATION, MISSINGACCOUNTMAPPING -> false;
    };
  }

  private boolean disable(Owed owed) {
    return switch (store.disable(owed)) {
      case FailureStore.Disabling.NotOurs() -> false;
      case FailureStore.Disabling.Done(var version) -> {
        version.ifPresent(after -> {
          disabled.increment();
          log.warn(
              "integration disabled organization={} integration={} webhook={} run={} cause=\"{}\"",
              owed.organization(),
              owed.about().integration(),
              owed.about().webhook(),
              owed.run(),
              owed.error());
          rulesChanged.accept(new RulesChanged(owed.organization(), after));
        });
        yield true;
      }
    };
  }
}
