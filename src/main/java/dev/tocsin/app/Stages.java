package dev.tocsin.app;

import dev.tocsin.access.KeyCheck;
import dev.tocsin.access.Tokens;
import dev.tocsin.api.Api;
import dev.tocsin.api.ApiVerticle;
import dev.tocsin.api.Operations;
import dev.tocsin.bus.Bus;
import dev.tocsin.catalog.Catalog;
import dev.tocsin.config.Settings;
import dev.tocsin.deliver.Courier;
import dev.tocsin.deliver.DeliverSettings;
import dev.tocsin.deliver.DeliverVerticle;
import dev.tocsin.deliver.DeliveryStore;
import dev.tocsin.deliver.DeliverySweep;
import dev.tocsin.deliver.Room;
import dev.tocsin.deliver.SweepVerticle;
import dev.tocsin.evaluate.EvaluateSettings;
import dev.tocsin.evaluate.EvaluateVerticle;
import dev.tocsin.evaluate.GroupCommit;
import dev.tocsin.evaluate.RuleLoader;
import dev.tocsin.expire.ExpireVerticle;
import dev.tocsin.expire.PartitionSweep;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.RunsLeased;
import dev.tocsin.ingest.Admission;
import dev.tocsin.ingest.Ingest;
import dev.tocsin.ingest.IngestVerticle;
import dev.tocsin.store.CredentialsSeal;
import dev.tocsin.store.PgAccessKeys;
import dev.tocsin.store.PgDeliveryStore;
import dev.tocsin.store.PgEntityStates;
import dev.tocsin.store.PgEvents;
import dev.tocsin.store.PgIntegrationConfigurations;
import dev.tocsin.store.PgLedger;
import dev.tocsin.store.PgNotificationConfigurations;
import dev.tocsin.store.PgPartitions;
import dev.tocsin.store.PgRuleSets;
import dev.tocsin.store.PgWebhooks;
import dev.tocsin.webhook.AddressCheck;
import dev.tocsin.webhook.CheckedAddresses;
import dev.tocsin.webhook.Resolver;
import dev.tocsin.webhook.WebhookSender;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * The verticles of one node, deployed from the end of the flow to its beginning, so that each finds
 * the next one there, and undeployed in the opposite order, so that each can finish what it has.
 */
final class Stages implements AutoCloseable {
  private static final Duration SWEEP_PARTITIONS_EVERY = Duration.ofHours(1);

  /** What a bus answer may take longer than the stage that gives it waits itself. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final Settings settings;
  private final Stores stores;
  private final ServerKeys keys;
  private final PrometheusMeterRegistry meters;
  private final Readiness readiness;
  private final SecureRandom random;
  private final Bus bus;
  private final CredentialsSeal seal;
  private final Catalog catalog = Catalog.system();
  private final UUID node;

  /** What undoes each step of the deployment, the last one first. */
  private final Deque<Runnable> undoing = new ArrayDeque<>();

  Stages(
      Vertx vertx,
      Settings settings,
      Stores stores,
      ServerKeys keys,
      PrometheusMeterRegistry meters,
      Readiness readiness,
      SecureRandom random) {
    this.vertx = vertx;
    this.settings = settings;
    this.stores = stores;
    this.keys = keys;
    this.meters = meters;
    this.readiness = readiness;
    this.random = random;
    this.bus = Bus.of(vertx, Flow.MESSAGES);
    this.seal = new CredentialsSeal(keys.credentials(), random);
    this.node = stores.ids().next();
  }

  /** What this node is called where it leases something; a new name with each start. */
  UUID node() {
    return node;
  }

  /** Deploys every stage, the HTTP server last; answers the port it listens on. */
  int deploy() {
    deploy(new ClockVerticle(stores.clock(), readiness));
    expire();
    int couriers = Limits.instances(settings.delivery().instances());
    deliver(couriers);
    int evaluators = Limits.instances(settings.evaluate().instances());
    evaluate(evaluators, couriers);
    ingest(evaluators);
    return api();
  }

  private void expire() {
    PartitionSweep sweep =
        new PartitionSweep(
            new PgPartitions(stores.shared()), stores.clock(), settings.partitionDaysAhead());
    sweep.runOnce();
    deploy(new ExpireVerticle(sweep, SWEEP_PARTITIONS_EVERY));
  }

  private void deliver(int instances) {
    DeliverSettings limits = Limits.deliver(settings, instances);
    DeliveryStore store =
        new PgDeliveryStore(
            stores.delivery(), seal, stores.clock(), node, settings.delivery().lease());
    AddressCheck check = new AddressCheck(settings.delivery().allowedNetworks());
    WebhookSender sender =
        new WebhookSender(
            vertx,
            Limits.sender(settings),
            new CheckedAddresses(Resolver.of(vertx), check, meters),
            stores.clock());
    undoing.push(sender::close);
    Room room = new Room(limits, meters);
    deploy(
        instances,
        ThreadingModel.VIRTUAL_THREAD,
        instance ->
            new DeliverVerticle(
                instance,
                bus,
                new Courier(limits, room, sender::send, store, stores.clock(), random, meters),
                settings.evaluate().unavailablePause(),
                Limits.stopDeliveriesWithin(settings)));
    deploy(
        new SweepVerticle(
            new DeliverySweep(limits, store, room, runs -> handOver(runs, instances), meters),
            settings.delivery().sweepEvery()));
  }

  private void handOver(List<LeasedRun> runs, int couriers) {
    RunsLeased.byInstance(runs, couriers)
        .forEach((instance, theirs) -> bus.send(Flow.RUNS_LEASED.of(instance), theirs));
  }

  private void evaluate(int instances, int couriers) {
    EvaluateSettings limits = Limits.evaluate(settings);
    PgLedger ledger =
        new PgLedger(
            stores.ledger(),
            settings.idempotencyWindow(),
            stores.clock(),
            node,
            settings.delivery().lease());
    RuleLoader rules =
        new RuleLoader(
            new PgRuleSets(stores.rules(), seal, settings.calculations(), meters),
            Executors.newFixedThreadPool(instances, Thread.ofVirtual().name("rules-", 0).factory()),
            limits.unavailablePause());
    PgEntityStates states = new PgEntityStates(stores.ledger());
    deploy(
        instances,
        ThreadingModel.VIRTUAL_THREAD,
        instance ->
            new EvaluateVerticle(
                instance,
                bus,
                GroupCommit.over(
                    limits,
                    states,
                    ledger,
                    runs -> handOver(runs, couriers),
                    stores.ids(),
                    stores.clock(),
                    meters),
                rules,
                limits.unavailablePause()));
  }

  private void ingest(int evaluators) {
    Admission admission = new Admission(Limits.ingest(settings), meters);
    deploy(
        Limits.instances(0),
        ThreadingModel.EVENT_LOOP,
        instance ->
            new IngestVerticle(
                bus,
                new Ingest(Limits.ingest(settings), catalog, admission, stores.clock(), meters),
                evaluators,
                settings.ingest().answerWithin().plus(GRACE)));
  }

  private int api() {
    Api api =
        new Api(
            Limits.api(settings, settings.ingest().answerWithin().plus(GRACE).plus(GRACE)),
            new Api.Stores(
                new PgEvents(stores.events()),
                new PgNotificationConfigurations(stores.shared()),
                new PgWebhooks(stores.shared(), seal),
                new PgIntegrationConfigurations(stores.shared())),
            new Api.Access(
                new KeyCheck(
                    new PgAccessKeys(stores.shared()), keys.accessKeys(), KeyCheck.Limits.DEFAULTS),
                new Tokens(keys.tokens(), settings.tokenValidity(), stores.clock())),
            catalog,
            bus,
            new Api.Machine(stores.ids(), stores.clock(), meters),
            new Operations(readiness::missing, meters::scrape));
    AtomicInteger port = new AtomicInteger();
    deploy(
        Limits.instances(0),
        ThreadingModel.EVENT_LOOP,
        instance ->
            new ApiVerticle(api, settings.http().host(), settings.http().port(), port::set));
    return port.get();
  }

  private void deploy(VerticleBase verticle) {
    deploy(1, ThreadingModel.VIRTUAL_THREAD, instance -> verticle);
  }

  private void deploy(int instances, ThreadingModel threads, IntFunction<VerticleBase> verticle) {
    AtomicInteger next = new AtomicInteger();
    DeploymentOptions options =
        new DeploymentOptions().setInstances(instances).setThreadingModel(threads);
    String deployment =
        await(vertx.deployVerticle(() -> verticle.apply(next.getAndIncrement()), options));
    undoing.push(() -> undeploy(deployment));
  }

  /** Undeploys every stage, from the HTTP server on; each gets its share of the time at most. */
  @Override
  public void close() {
    while (!undoing.isEmpty()) {
      undoing.pop().run();
    }
  }

  private void undeploy(String deployment) {
    await(
        vertx
            .undeploy(deployment)
            .timeout(settings.shutdownWithin().toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Waits on a thread of the process' own, never on one of Vert.x. */
  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
