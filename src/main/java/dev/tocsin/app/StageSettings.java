package dev.tocsin.app;

import dev.tocsin.api.ApiSettings;
import dev.tocsin.api.ExplanationLimits;
import dev.tocsin.api.StreamForm;
import dev.tocsin.bridge.BridgeSettings;
import dev.tocsin.config.Settings;
import dev.tocsin.deliver.DeliverSettings;
import dev.tocsin.deliver.FailureSweep;
import dev.tocsin.evaluate.EvaluateSettings;
import dev.tocsin.ingest.IngestSettings;
import dev.tocsin.ingest.LearnSettings;
import dev.tocsin.schedule.ScheduleSweep;
import dev.tocsin.store.Database;
import dev.tocsin.stream.StreamSettings;
import dev.tocsin.webhook.SenderSettings;
import java.time.Duration;
import java.util.stream.Stream;

/** What the operator wrote, as each stage takes it. */
final class StageSettings {
  private static final Duration COMMIT_WITHIN = Duration.ofSeconds(5);

  /** Some milliseconds of a statement beside all others. */
  private static final int LEARNED_BATCH_MAX = 1_000;

  /**
   * One looks for what is due, one arms what was stored before, the others note what was fired, in
   * milliseconds each.
   */
  private static final int SCHEDULE_CONNECTIONS = 4;

  /** Of how many organizations failures are told in one round; the others have the next. */
  private static final int FAILING_ORGANIZATIONS_MAX = 100;

  private StageSettings() {}

  static IngestSettings ingest(Settings settings) {
    Settings.Ingest ingest = settings.ingest();
    return new IngestSettings(
        ingest.batchEventsMax(),
        ingest.eventBytesMax(),
        ingest.inFlightEventsMax(),
        ingest.inFlightBytesMax(),
        ingest.organizationInFlightEventsMax(),
        ingest.aheadMax(),
        ingest.answerWithin(),
        ingest.retryAfter());
  }

  static LearnSettings learning(Settings settings) {
    Settings.Catalog catalog = settings.catalog();
    return new LearnSettings(
        catalog.learnedFieldsMax(),
        catalog.learnedShapesMax(),
        catalog.learnedDepthMax(),
        catalog.learnedPathLengthMax(),
        catalog.learnedPendingMax(),
        LEARNED_BATCH_MAX,
        catalog.learnedRememberedMax(),
        catalog.seenEvery());
  }

  static EvaluateSettings evaluate(Settings settings) {
    Settings.Evaluate evaluate = settings.evaluate();
    return new EvaluateSettings(
        evaluate.commitEventsMax(),
        evaluate.commitBytesMax(),
        evaluate.commitsMax(),
        evaluate.commitBesideFrom(),
        evaluate.actorsMax(),
        evaluate.countsMax(),
        evaluate.countsBatch(),
        evaluate.unavailablePause());
  }

  static DeliverSettings deliver(Settings settings, int instances) {
    Settings.Delivery delivery = settings.delivery();
    return new DeliverSettings(
        delivery.timeout(),
        delivery.perWebhookConcurrency(),
        delivery.perWebhookQueueMax(),
        Math.max(1, delivery.perOrganizationConcurrency() / instances),
        delivery.perOrganizationQueueMax(),
        Math.max(1, delivery.inFlightMax() / instances),
        delivery.queueMax(),
        delivery.retryDelays(),
        delivery.jitter(),
        delivery.retryAfterMax(),
        delivery.sweepBatch(),
        delivery.outcomeBatchMax());
  }

  /** Events are made in batches that ingest has room for. */
  static FailureSweep.Limits failures(Settings settings) {
    int room = Math.max(1, settings.ingest().organizationInFlightEventsMax() / 4);
    return new FailureSweep.Limits(
        FAILING_ORGANIZATIONS_MAX,
        Math.min(settings.delivery().failureBatch(), room),
        settings.delivery().disableAfter());
  }

  /** All batches together leave half of the room that ingest has. */
  static ScheduleSweep.Limits schedule(Settings settings) {
    Settings.Schedule schedule = settings.schedule();
    Settings.Ingest ingest = settings.ingest();
    int room =
        Math.min(
            ingest.organizationInFlightEventsMax() / (2 * schedule.perOrganizationBatchesMax()),
            ingest.inFlightEventsMax() / (2 * schedule.batchesMax()));
    long roomBytes = ingest.inFlightBytesMax() / (2L * schedule.batchesMax());
    return new ScheduleSweep.Limits(
        Math.clamp(room, 1, schedule.batchMax()),
        (int) Math.clamp(roomBytes, 1L, (long) schedule.batchBytesMax()),
        schedule.batchesMax(),
        schedule.perOrganizationBatchesMax(),
        schedule.pollEvery(),
        ingest.retryAfter());
  }

  static SenderSettings sender(Settings settings) {
    Settings.Delivery delivery = settings.delivery();
    return new SenderSettings(
        delivery.timeout(),
        delivery.inFlightMax(),
        delivery.responseBytesMax(),
        delivery.keptResponseBytes());
  }

  static ApiSettings api(Settings settings, Duration ingestPatience) {
    Settings.Http http = settings.http();
    return new ApiSettings(
        http.bodyBytesMax(),
        ApiSettings.MANAGEMENT_BODY_BYTES_MAX,
        settings.ingest().inFlightBytesMax(),
        http.managementInFlightMax(),
        http.managementQueueMax(),
        http.managementPerOrganizationMax(),
        ingestPatience,
        settings.ingest().retryAfter(),
        stopRequestsWithin(settings),
        settings.schedule().lateWindow(),
        settings.calculations(),
        explanations(settings.explanations()));
  }

  private static ExplanationLimits explanations(Settings.Explanations limits) {
    return new ExplanationLimits(
        limits.charactersMax(), limits.partsMax(), limits.textMax(), limits.itemsMax());
  }

  static StreamSettings streams(Settings settings) {
    Settings.Stream stream = settings.stream();
    return new StreamSettings(
        stream.streamsMax(),
        stream.perOrganizationMax(),
        stream.readEventsMax(),
        stream.connections(),
        stream.pollEvery());
  }

  static StreamForm streamForm(Settings settings) {
    Settings.Stream stream = settings.stream();
    return new StreamForm(stream.bufferBytesMax(), stream.keepAliveEvery(), stream.retry());
  }

  static BridgeSettings bridge(Settings settings) {
    Settings.Bus bus = settings.bus();
    return new BridgeSettings(
        bus.connectionsMax(),
        bus.withoutTokenMax(),
        bus.perOrganizationMax(),
        bus.messageBytesMax(),
        bus.requestsMax(),
        bus.tokenWithin(),
        settings.stream().bufferBytesMax(),
        bus.windowMax(),
        bus.acknowledgeWithin(),
        settings.stream().keepAliveEvery(),
        stopRequestsWithin(settings));
  }

  /** Of the time to stop, half is for requests, which wait for at most a commit or two. */
  private static Duration stopRequestsWithin(Settings settings) {
    return settings.shutdownWithin().dividedBy(2);
  }

  /** A fifth is for deliveries: what is not answered by then is sent again, once its lease ends. */
  static Duration stopDeliveriesWithin(Settings settings) {
    return settings.shutdownWithin().dividedBy(5);
  }

  /** One instance for each processor where the operator gave no number. */
  static int instances(int given) {
    return given == 0 ? Runtime.getRuntime().availableProcessors() : given;
  }

  /**
   * The connections that commits have to themselves: one for each, and one to spare. A commit takes
   * milliseconds. One that takes seconds is lost or stuck, and an instance waits for it with
   * everything it has; cut off early, its events can be tried again while their senders still wait.
   */
  static Database.Limits ledgerPool(Settings settings) {
    Duration most = settings.postgres().statementTimeout();
    return new Database.Limits(
        instances(settings.evaluate().instances()) * settings.evaluate().commitsMax() + 1,
        settings.postgres().waitersMax(),
        most.compareTo(COMMIT_WITHIN) < 0 ? most : COMMIT_WITHIN);
  }

  /** The connections for loading rule sets, which may be large, one for each instance. */
  static Database.Limits rulePool(Settings settings) {
    return pool(settings, instances(settings.evaluate().instances()));
  }

  /** The connections for outcomes, one for each instance, and for the sweep. */
  static Database.Limits deliveryPool(Settings settings) {
    return pool(settings, instances(settings.delivery().instances()) + 1);
  }

  /** The connections for arming and firing scheduled events. */
  static Database.Limits schedulePool(Settings settings) {
    return pool(settings, SCHEDULE_CONNECTIONS);
  }

  /** The connections for reading events; lists are seldom and short. */
  static Database.Limits readPool(Settings settings) {
    return pool(settings, Math.max(1, settings.postgres().poolSize() / 2));
  }

  /** The connections for following events, so that those who catch up keep no list waiting. */
  static Database.Limits streamPool(Settings settings) {
    return pool(settings, settings.stream().connections());
  }

  /** The connections for expiry: one that has the turn, and one to work with. */
  static Database.Limits expiryPool(Settings settings) {
    return pool(settings, 2);
  }

  /** The connections that everything else shares. */
  static Database.Limits pool(Settings settings) {
    return pool(settings, settings.postgres().poolSize());
  }

  /** How many connections all pools of a server may open together. */
  static int connections(Settings settings) {
    return Stream.of(
            pool(settings),
            readPool(settings),
            streamPool(settings),
            expiryPool(settings),
            deliveryPool(settings),
            schedulePool(settings),
            rulePool(settings),
            ledgerPool(settings))
        .mapToInt(Database.Limits::size)
        .sum();
  }

  private static Database.Limits pool(Settings settings, int size) {
    return new Database.Limits(
        size, settings.postgres().waitersMax(), settings.postgres().statementTimeout());
  }
}
