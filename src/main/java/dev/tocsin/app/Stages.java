package dev.tocsin.app;

import dev.tocsin.access.KeyCheck;
import dev.tocsin.access.NewAccessKey;
import dev.tocsin.access.Rights;
import dev.tocsin.access.Tokens;
import dev.tocsin.api.Api;
import dev.tocsin.api.ApiVerticle;
import dev.tocsin.api.MoreRoutes;
import dev.tocsin.api.Operations;
import dev.tocsin.bus.Bus;
import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.HeldCatalogs;
import dev.tocsin.cluster.Node;
import dev.tocsin.config.Settings;
import dev.tocsin.deliver.Courier;
import dev.tocsin.deliver.DeliverSettings;
import dev.tocsin.deliver.DeliverVerticle;
import dev.tocsin.deliver.DeliveryStore;
import dev.tocsin.deliver.DeliverySweep;
import dev.tocsin.deliver.Room;
import dev.tocsin.evaluate.EvaluateSettings;
import dev.tocsin.evaluate.EvaluateVerticle;
import dev.tocsin.evaluate.GroupCommit;
import dev.tocsin.evaluate.LastKnown;
import dev.tocsin.evaluate.Ledger;
import dev.tocsin.evaluate.RuleCountWriter;
import dev.tocsin.evaluate.RuleLoader;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.RunsLeased;
import dev.tocsin.ingest.Admission;
import dev.tocsin.ingest.FieldLearner;
import dev.tocsin.ingest.Ingest;
import dev.tocsin.ingest.IngestVerticle;
import dev.tocsin.ingest.LearnSweep;
import dev.tocsin.ingest.LearnVerticle;
import dev.tocsin.rule.CompiledTier;
import dev.tocsin.store.CredentialsSeal;
import dev.tocsin.store.Database;
import dev.tocsin.store.PgAccessKeys;
import dev.tocsin.store.PgCatalogs;
import dev.tocsin.store.PgCustomEntities;
import dev.tocsin.store.PgDeliveryStore;
import dev.tocsin.store.PgEntityStates;
import dev.tocsin.store.PgEventIndex;
import dev.tocsin.store.PgEventTail;
import dev.tocsin.store.PgEvents;
import dev.tocsin.store.PgHolders;
import dev.tocsin.store.PgIntegrationConfigurations;
import dev.tocsin.store.PgIntegrationRuns;
import dev.tocsin.store.PgLearnedFields;
import dev.tocsin.store.PgLedger;
import dev.tocsin.store.PgNotificationConfigurations;
import dev.tocsin.store.PgOrganizationEnd;
import dev.tocsin.store.PgPermissionPolicies;
import dev.tocsin.store.PgRuleDays;
import dev.tocsin.store.PgRuleSets;
import dev.tocsin.store.PgScheduledDues;
import dev.tocsin.store.PgScheduledEventConfigurations;
import dev.tocsin.store.PgServiceUsers;
import dev.tocsin.store.PgWebhooks;
import dev.tocsin.stream.EventTail;
import dev.tocsin.stream.StreamVerticle;
import dev.tocsin.stream.Streams;
import dev.tocsin.webhook.AddressCheck;
import dev.tocsin.webhook.CheckedAddresses;
import dev.tocsin.webhook.Resolver;
import dev.tocsin.webhook.WebhookSender;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.ThreadingModel;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The verticles of one node, each with what it works with. They are deployed from the end of the
 * flow to its beginning, so that each finds the next one there, and undeployed in the opposite
 * order, so that each can finish what it has.
 */
final class Stages {
  /** What a bus answer may take longer than the stage that gives it waits itself. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Deployments deployments;
  private final Settings settings;
  private final Pools pools;
  private final ServerKeys keys;
  private final PrometheusMeterRegistry meters;
  private final Readiness readiness;
  private final SecureRandom random;
  private final Bus bus;
  private final CredentialsSeal seal;
  private final ClusterStage cluster;
  private final HeldCatalogs catalogs;
  private final PgLearnedFields learnedFields;
  private final Api.Access access;
  private final UUID node;

  Stages(
      Deployments deployments,
      Node self,
      Settings settings,
      Pools pools,
      ServerKeys keys,
      PrometheusMeterRegistry meters,
      Readiness readiness,
      SecureRandom random) {
    this.deployments = deployments;
    this.settings = settings;
    this.pools = pools;
    this.keys = keys;
    this.meters = meters;
    this.readiness = readiness;
    this.random = random;
    this.bus = Bus.of(deployments.vertx(), Flow.MESSAGES);
    this.seal = new CredentialsSeal(keys.credentials(), random);
    this.cluster = new ClusterStage(self, bus, meters);
    this.node = cluster.id(pools.ids());
    this.catalogs =
        new HeldCatalogs(
            Catalog.system(),
            new PgCatalogs(pools.shared()),
            work -> Thread.ofVirtual().name("catalogs").start(work),
            settings.catalog().heldMax(),
            meters);
    this.learnedFields =
        new PgLearnedFields(
            pools.shared(),
            settings.catalog().learnedFieldsMax(),
            settings.catalog().learnedFieldsPerTypeMax());
    this.access = access();
  }

  /** What this node is called where it leases something; a new name with each start. */
  UUID node() {
    return node;
  }

  /** The bus of this node, which reaches others once its stages are deployed. */
  Bus bus() {
    return bus;
  }

  /**
   * Has nobody go by what is remembered of the keys, rights and retention that organizations had
   * before.
   */
  void forget(Collection<OrganizationId> organizations) {
    organizations.forEach(organization -> {
      access.keys().forget(organization);
      access.rights().forget(organization);
    });
    pools.horizon().refresh();
  }

  /**
   * Deploys every stage, the HTTP server last; answers the port it listens on.
   *
   * @throws ListenException when it cannot listen where it is to
   */
  int deploy() {
    cluster.deploy(deployments, readiness);
    deployments.deploy("clock", new ClockVerticle(pools.clock(), pools.horizon(), readiness));
    EventTail tail =
        PgEventTail.open(pools.stream(), pools.horizon(), new EventId(pools.ids().next()));
    new ExpireStage(deployments, settings, pools, readiness, meters).deploy();
    index();
    int couriers = StageSettings.instances(settings.delivery().instances());
    deliver(couriers);
    int evaluators = StageSettings.instances(settings.evaluate().instances());
    evaluate(evaluators, couriers);
    ingest(evaluators);
    new EventMakers(deployments, settings, pools, bus, GRACE, meters).deploy();
    new ArmingStage(deployments, settings, pools, meters).deploy();
    return api(streams(tail));
  }

  private void index() {
    PgEventIndex index = new PgEventIndex(pools.shared(), meters);
    deployments.deploy(
        "event index",
        SweepVerticle.paced(
            "event index",
            settings.indexEvery(),
            () -> {
              index.merge();
              return false;
            }));
  }

  private void deliver(int instances) {
    DeliverSettings limits = StageSettings.deliver(settings, instances);
    DeliveryStore store =
        new PgDeliveryStore(
            pools.delivery(), seal, pools.retention(), node, settings.delivery().lease());
    AddressCheck check = new AddressCheck(settings.delivery().allowedNetworks());
    WebhookSender sender =
        new WebhookSender(
            deployments.vertx(),
            StageSettings.sender(settings),
            new CheckedAddresses(Resolver.of(deployments.vertx()), check, meters),
            pools.clock());
    deployments.parts().add("webhook connections", sender::close);
    Room room = new Room(limits, meters);
    deployments.deploy(
        "deliver",
        instances,
        ThreadingModel.VIRTUAL_THREAD,
        instance ->
            new DeliverVerticle(
                instance,
                bus,
                new Courier(
                    limits,
                    room,
                    sender::send,
                    store,
                    pools.clock(),
                    pools.horizon(),
                    random,
                    meters),
                settings.evaluate().unavailablePause(),
                StageSettings.stopDeliveriesWithin(settings)));
    DeliverySweep sweep =
        new DeliverySweep(limits, store, room, runs -> handOver(runs, instances), meters);
    deployments.deploy(
        "delivery sweep",
        SweepVerticle.paced(
            "delivery", settings.delivery().sweepEvery(), () -> sweep.runOnce().more()));
  }

  private void handOver(List<LeasedRun> runs, int couriers) {
    RunsLeased.byInstance(runs, couriers)
        .forEach((instance, theirs) -> bus.send(Flow.RUNS_LEASED.of(instance), theirs));
  }

  private void evaluate(int instances, int couriers) {
    EvaluateSettings limits = StageSettings.evaluate(settings);
    Ledger ledger =
        new AnnouncingLedger(
            new PgLedger(
                pools.ledger(),
                settings.idempotencyWindow(),
                pools.clock(),
                pools.horizon(),
                node,
                settings.delivery().lease(),
                settings.schedule().lateWindow()),
            bus);
    CompiledTier calculations = new CompiledTier(settings.calculations(), settings.compiling());
    deployments.parts().add("calculation compiler", calculations);
    CompilationMeters.bindTo(meters, calculations);
    RuleLoader rules =
        new RuleLoader(
            new PgRuleSets(pools.rules(), seal, calculations, meters),
            instances,
            limits.unavailablePause());
    deployments.parts().add("rule loader", rules);
    PgEntityStates states = new PgEntityStates(pools.ledger());
    deployments.deploy(
        "evaluate",
        instances,
        ThreadingModel.VIRTUAL_THREAD,
        instance -> {
          GroupCommit groupCommit =
              GroupCommit.over(
                  limits,
                  states,
                  ledger,
                  runs -> handOver(runs, couriers),
                  pools.ids(),
                  pools.clock(),
                  meters);
          return new EvaluateVerticle(
              instance,
              bus,
              groupCommit,
              rules,
              new RuleCountWriter(
                  groupCommit,
                  new PgRuleDays(pools.shared(), pools.horizon()),
                  limits,
                  settings.evaluate().countsEvery()));
        });
  }

  private void ingest(int evaluators) {
    Admission admission = new Admission(StageSettings.ingest(settings), meters);
    FieldLearner learner = new FieldLearner(StageSettings.learning(settings), meters);
    deployments.deploy(
        "learn",
        new LearnVerticle(
            new LearnSweep(learner, learnedFields, meters), settings.catalog().learnEvery()));
    deployments.deploy(
        "catalogs", new CatalogVerticle(catalogs, settings.catalog().refreshEvery()));
    deployments.deploy(
        "ingest",
        StageSettings.instances(0),
        ThreadingModel.EVENT_LOOP,
        instance ->
            new IngestVerticle(
                bus,
                new Ingest(
                    StageSettings.ingest(settings),
                    catalogs,
                    admission,
                    learner,
                    pools.clock(),
                    meters),
                catalogs,
                evaluators,
                settings.ingest().answerWithin().plus(GRACE)));
  }

  private Streams streams(EventTail tail) {
    Streams streams =
        new Streams(
            tail,
            StageSettings.streams(settings),
            work -> Thread.ofVirtual().name("stream").start(work),
            (delay, work) -> deployments.vertx().setTimer(delay.toMillis(), timer -> work.run()),
            pools.clock(),
            meters);
    deployments.deploy("stream", new StreamVerticle(bus, streams));
    return streams;
  }

  private int api(Streams streams) {
    Database shared = pools.shared().forCallers();
    Database events = pools.events().forCallers();
    Api api =
        new Api(
            StageSettings.api(settings, settings.ingest().answerWithin().plus(GRACE).plus(GRACE)),
            new Api.Stores(
                new PgEvents(events, pools.horizon()),
                new PgNotificationConfigurations(shared),
                new PgWebhooks(shared, seal),
                new PgIntegrationConfigurations(shared),
                new PgIntegrationRuns(events, shared, pools.horizon()),
                new PgRuleDays(shared, pools.horizon()),
                new PgCustomEntities(shared, settings.catalog().entitiesMax()),
                new PgScheduledEventConfigurations(shared, settings.catalog().scheduledEventsMax()),
                new PgScheduledDues(events, pools.clock()),
                learnedFields,
                new PgPermissionPolicies(shared),
                new PgServiceUsers(shared),
                new PgOrganizationEnd(shared, pools.horizon()),
                new StageRehearsals(
                    new LastKnown(new PgEntityStates(pools.events())),
                    settings.ingest().aheadMax())),
            access,
            catalogs,
            bus,
            new Api.Streaming(streams, StageSettings.streamForm(settings)),
            new Api.Machine(pools.ids(), pools.clock(), pools.horizon(), meters),
            new Operations(
                readiness::missing, readiness::degraded, cluster::members, meters::scrape));
    Deployments.Together clients = deployments.together("clients");
    BridgeStage bridge = new BridgeStage(clients, settings, api.reception(), meters);
    bridge.deploy(cluster.presence());
    return listen(clients, api, bridge.onHttp());
  }

  private Api.Access access() {
    KeyCheck check =
        new KeyCheck(new PgAccessKeys(pools.shared()), keys.accessKeys(), settings.access());
    Rights rights = new Rights(new PgHolders(pools.shared()), settings.access());
    deployments.deploy("access", new AccessVerticle(bus, check, rights));
    return new Api.Access(
        check,
        new Tokens(keys.tokens(), settings.tokenValidity(), pools.clock()),
        rights,
        NewAccessKey.Maker.of(keys.accessKeys(), random));
  }

  private int listen(Deployments.Together clients, Api api, @Nullable MoreRoutes more) {
    ListenAddress address = ListenAddress.of(settings.http());
    AtomicInteger port = new AtomicInteger();
    try {
      clients.deploy(
          StageSettings.instances(0),
          instance -> new ApiVerticle(api, address.host(), address.port(), port::set, more));
    } catch (CompletionException e) {
      // A start opens nothing else than the port.
      throw e.getCause() instanceof IOException reason ? address.refused(reason) : e;
    }
    return port.get();
  }
}
