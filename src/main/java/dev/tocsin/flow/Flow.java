package dev.tocsin.flow;

import dev.tocsin.bus.Address;
import dev.tocsin.bus.BusMessage;
import dev.tocsin.bus.Doorbell;
import dev.tocsin.bus.Request;
import dev.tocsin.bus.Ring;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.WebhookId;
import java.util.List;
import java.util.Set;

/**
 * Every address of the bus, in the order an event passes them.
 *
 * <p>{@code api} asks {@code ingest}, which asks {@code evaluate}, which hands what fired to {@code
 * deliver}. Where an address is served by one instance of several, the sender picks the instance by
 * hash; that makes things fast and fair, and nothing depends on it. All this stays on one node.
 * What the nodes of a cluster tell each other are the doorbells, and no work, no event and no
 * secret.
 */
public final class Flow {
  /** Served by every instance of ingest in turn. */
  public static final Request<BodyReceived, IngestAnswer> BODY_RECEIVED =
      new Request<>("body.received", BodyReceived.class, IngestAnswer.class);

  /** Served by every instance of ingest in turn. */
  public static final Request<StateReceived, IngestAnswer> STATE_RECEIVED =
      new Request<>("state.received", StateReceived.class, IngestAnswer.class);

  /** Served by every instance of ingest in turn. */
  public static final Request<EventsProduced, IngestAnswer> EVENTS_PRODUCED =
      new Request<>("events.produced", EventsProduced.class, IngestAnswer.class);

  /** Served by the instance of evaluate that {@link #instanceOf} names. */
  public static final Request<EventsAccepted, EventsSettled> EVENTS_ACCEPTED =
      new Request<>("events.accepted", EventsAccepted.class, EventsSettled.class);

  /** Served by the instance of deliver that the webhook's hash names. */
  public static final Address<RunsLeased> RUNS_LEASED =
      new Address<>("runs.leased", RunsLeased.class);

  /** Rings for whoever follows events, on every node. */
  public static final Doorbell<EventsStored> EVENTS_STORED =
      new Doorbell<>(
          new Address<>("events.stored", EventsStored.class),
          1,
          stored ->
              stored.organizations().stream()
                  .map(organization -> new Ring(organization.value(), 0))
                  .toList(),
          ring -> new EventsStored(Set.of(new OrganizationId(ring.organization()))));

  /** Rings for every instance of evaluate, on every node. */
  public static final Doorbell<RulesChanged> RULES_CHANGED =
      new Doorbell<>(
          new Address<>("rules.changed", RulesChanged.class),
          1,
          changed -> List.of(new Ring(changed.organization().value(), changed.version())),
          ring -> new RulesChanged(new OrganizationId(ring.organization()), ring.number()));

  /** Rings for whoever remembers what callers may do, on every node. */
  public static final Doorbell<AccessChanged> ACCESS_CHANGED =
      new Doorbell<>(
          new Address<>("access.changed", AccessChanged.class),
          1,
          changed -> List.of(new Ring(changed.organization().value(), 0)),
          ring -> new AccessChanged(new OrganizationId(ring.organization())));

  /** Every doorbell, as a node must know them to hear others ring. */
  public static final List<Doorbell<?>> DOORBELLS =
      List.of(EVENTS_STORED, RULES_CHANGED, ACCESS_CHANGED);

  /** Every record that travels, by its exact class, as the bus must know them. */
  public static final Set<Class<? extends BusMessage>> MESSAGES =
      Set.of(
          BodyReceived.class,
          StateReceived.class,
          EventsProduced.class,
          IngestAnswer.Processed.class,
          IngestAnswer.Malformed.class,
          IngestAnswer.TooLarge.class,
          IngestAnswer.Busy.class,
          IngestAnswer.Unavailable.class,
          IngestAnswer.Changed.class,
          IngestAnswer.Unchanged.class,
          IngestAnswer.Absent.class,
          IngestAnswer.NoSuchEntity.class,
          IngestAnswer.BadParameter.class,
          IngestAnswer.BadState.class,
          EventsAccepted.class,
          EventsSettled.class,
          RunsLeased.class,
          EventsStored.class,
          RulesChanged.class,
          AccessChanged.class);

  private Flow() {}

  /** The instance of deliver, out of so many, that sends to a webhook on this node. */
  public static int instanceOf(WebhookId webhook, int instances) {
    return Math.floorMod(webhook.hashCode(), instances);
  }

  /** The instance of evaluate, out of so many, that has an organization's actor on this node. */
  public static int instanceOf(OrganizationId organization, int instances) {
    return Math.floorMod(organization.hashCode(), instances);
  }
}
