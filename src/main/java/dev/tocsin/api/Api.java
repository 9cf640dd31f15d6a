package dev.tocsin.api;

import dev.tocsin.access.KeyCheck;
import dev.tocsin.access.NewAccessKey;
import dev.tocsin.access.Rights;
import dev.tocsin.access.Tokens;
import dev.tocsin.bus.Bus;
import dev.tocsin.catalog.HeldCatalogs;
import dev.tocsin.catalog.LearnedFields;
import dev.tocsin.event.Horizon;
import dev.tocsin.event.Ids;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.AccessChanged;
import dev.tocsin.flow.Flow;
import dev.tocsin.stream.Streams;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The API of one node: every route, and what the instances of {@link ApiVerticle} share, above all
 * the bounds.
 */
public final class Api {
  private static final Executor VIRTUAL_THREADS =
      work -> Thread.ofVirtual().name("management").start(work);

  private final ApiSettings settings;
  private final Contract contract;
  private final Failures failures;
  private final TokenRoute token;
  private final StreamRoute stream;
  private final OrganizationRoutes organizations;
  private final Reception reception;
  private final Operations operations;

  /** Where the API reads and writes. */
  public record Stores(
      Events events,
      NotificationConfigurations notifications,
      Webhooks webhooks,
      IntegrationConfigurations integrations,
      IntegrationRuns runs,
      RuleStatuses ruleStatuses,
      CustomEntities entities,
      ScheduledEventConfigurations scheduledEvents,
      ScheduledDues dues,
      LearnedFields learnedFields,
      PermissionPolicies policies,
      ServiceUsers serviceUsers,
      Organizations organizations,
      Rehearsals rehearsals) {
    public Stores {
      Objects.requireNonNull(events);
      Objects.requireNonNull(notifications);
      Objects.requireNonNull(webhooks);
      Objects.requireNonNull(integrations);
      Objects.requireNonNull(runs);
      Objects.requireNonNull(ruleStatuses);
      Objects.requireNonNull(entities);
      Objects.requireNonNull(scheduledEvents);
      Objects.requireNonNull(dues);
      Objects.requireNonNull(learnedFields);
      Objects.requireNonNull(policies);
      Objects.requireNonNull(serviceUsers);
      Objects.requireNonNull(organizations);
      Objects.requireNonNull(rehearsals);
    }
  }

  /** Who may call, and do what. */
  public record Access(KeyCheck keys, Tokens tokens, Rights rights, NewAccessKey.Maker newKeys) {
    public Access {
      Objects.requireNonNull(keys);
      Objects.requireNonNull(tokens);
      Objects.requireNonNull(rights);
      Objects.requireNonNull(newKeys);
    }
  }

  /** Whoever follows events, and how they get to them. */
  public record Streaming(Streams streams, StreamForm form) {
    public Streaming {
      Objects.requireNonNull(streams);
      Objects.requireNonNull(form);
    }
  }

  /** What the API has of the machine it runs on. */
  public record Machine(Ids ids, InstantSource clock, Horizon horizon, MeterRegistry meters) {
    public Machine {
      Objects.requireNonNull(ids);
      Objects.requireNonNull(clock);
      Objects.requireNonNull(horizon);
      Objects.requireNonNull(meters);
    }
  }

  /**
   * Reads the contract in the background, so that whoever makes an API need not wait for it, or not
   * for long. May be called well before there is anything else.
   */
  public static void prepare() {
    VIRTUAL_THREADS.execute(Contract::shared);
  }

  /** The API over its collaborators, all of them ready; waits for the contract. */
  public Api(
      ApiSettings settings,
      Stores stores,
      Access access,
      HeldCatalogs catalogs,
      Bus bus,
      Streaming streaming,
      Machine machine,
      Operations operations) {
    this.settings = settings;
    this.contract = Contract.shared();
    this.operations = operations;
    this.failures = new Failures(settings.retryAfter());
    this.token =
        new TokenRoute(
            access.keys(),
            access.tokens(),
            failures,
            settings.retryAfter(),
            machine.meters().counter("tocsin.api.token.refused"));
    Desk.Limits limits =
        new Desk.Limits(
            settings.managementInFlightMax(),
            settings.managementQueueMax(),
            settings.managementPerOrganizationMax());
    Desk<OrganizationId> desk =
        new Desk<>(limits, VIRTUAL_THREADS, machine.meters(), "tocsin.api.management");
    BodyRoom room = new BodyRoom(settings.bodyRoom(), machine.meters());
    Gate gate = new Gate(access.tokens());
    this.stream =
        new StreamRoute(
            streaming.streams(),
            streaming.form(),
            gate,
            access.rights(),
            failures,
            settings,
            machine.meters());
    IngestRoute ingest = new IngestRoute(bus, room, settings);
    Counter refused = machine.meters().counter("tocsin.api.rights.refused");
    this.reception =
        new Reception(
            new Reception.Doors(gate, access.rights(), room, ingest, streaming),
            failures,
            refused,
            settings);
    this.organizations =
        new OrganizationRoutes(
            gate,
            access.rights(),
            refused,
            desk,
            room,
            ingest,
            new EntityStateRoute(bus, room, settings),
            stream,
            endpoints(settings, stores, access, catalogs, bus, machine),
            failures,
            settings);
  }

  private static List<Endpoint> endpoints(
      ApiSettings settings,
      Stores stores,
      Access access,
      HeldCatalogs held,
      Bus bus,
      Machine machine) {
    ResourceEndpoints resources =
        new ResourceEndpoints(
            machine.ids(), machine.clock(), changed -> bus.ring(Flow.RULES_CHANGED, changed));
    OrganizationCatalogs catalogs =
        new OrganizationCatalogs(held, stores.learnedFields(), machine.meters());
    NotificationJson rules = new NotificationJson(catalogs, settings.calculations());
    List<Endpoint> endpoints = new ArrayList<>(new CatalogEndpoints(catalogs).all());
    endpoints.addAll(new EntityEndpoints(stores.entities(), catalogs, machine.clock()).all());
    endpoints.addAll(resources.of(new ScheduledEventResource(stores.scheduledEvents(), catalogs)));
    endpoints.addAll(
        new ScheduledDueEndpoints(
                stores.dues(),
                stores.scheduledEvents(),
                catalogs,
                settings.lateWindow(),
                machine.clock())
            .all());
    endpoints.addAll(new EventEndpoints(stores.events(), machine.clock()).all());
    endpoints.addAll(resources.of(new NotificationResource(stores.notifications(), rules)));
    endpoints.add(
        new StatusEndpoint(stores.ruleStatuses(), machine.horizon(), machine.clock()).endpoint());
    endpoints.add(
        new EvaluateEndpoint(
                stores.events(),
                stores.rehearsals(),
                catalogs,
                settings,
                machine.clock(),
                machine.meters())
            .endpoint());
    endpoints.addAll(resources.of(new WebhookResource(stores.webhooks(), machine.ids())));
    endpoints.addAll(new AvailableEndpoints().all());
    endpoints.addAll(new IntegrationEndpoints(stores.integrations()).all());
    endpoints.addAll(
        resources.of(
            new IntegrationResource(
                stores.integrations(),
                new IntegrationWarnings(
                    stores.integrations(), stores.notifications(), stores.webhooks()))));
    endpoints.addAll(new IntegrationRunEndpoints(stores.runs(), machine.ids()).all());
    endpoints.addAll(accessEndpoints(stores, access, resources, catalogs, bus, machine));
    return endpoints;
  }

  private static List<Endpoint> accessEndpoints(
      Stores stores,
      Access access,
      ResourceEndpoints resources,
      OrganizationCatalogs catalogs,
      Bus bus,
      Machine machine) {
    Consumer<OrganizationId> changed =
        organization -> {
          access.keys().forget(organization);
          access.rights().forget(organization);
          bus.ring(Flow.ACCESS_CHANGED, new AccessChanged(organization));
        };
    PolicyJson json = new PolicyJson(catalogs);
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.addAll(resources.of(new PolicyResource(stores.policies(), json, changed)));
    endpoints.addAll(
        new PolicyEndpoints(stores.policies(), resources, machine.ids(), changed).all());
    endpoints.addAll(resources.of(new ServiceUserResource(stores.serviceUsers(), changed)));
    endpoints.addAll(
        new AccessKeyEndpoints(stores.serviceUsers(), access.newKeys(), resources, changed).all());
    endpoints.add(
        new OrganizationEndpoint(stores.organizations(), machine.clock(), changed).endpoint());
    return endpoints;
  }

  /** Takes what comes by another way than HTTP. */
  public Reception reception() {
    return reception;
  }

  /** Ends what would not end by itself, so that a stopping server need not wait for it. */
  void endStreams() {
    stream.endAll();
  }

  /** How long a stopping server waits for the requests it has. */
  Duration drainWithin() {
    return settings.drainWithin();
  }

  /**
   * Every route, for one instance.
   *
   * @param stopping whether the instance takes no new requests any more
   */
  Router router(Vertx vertx, BooleanSupplier stopping) {
    Router router = Router.router(vertx);
    failures.mount(router);
    router.route().handler(ctx -> refuseWhenStopping(ctx, stopping)).handler(Addresses::check);
    RouteTable routes = new RouteTable(router, contract);
    operations.mount(routes);
    new ContractRoutes().mount(routes);
    token.mount(routes);
    organizations.mount(router, routes);
    routes.refuseOtherMethods();
    return router;
  }

  private void refuseWhenStopping(RoutingContext ctx, BooleanSupplier stopping) {
    if (stopping.getAsBoolean()) {
      ctx.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      Replies.send(ctx, ApiError.stopping(settings.retryAfter()));
    } else {
      ctx.next();
    }
  }
}
