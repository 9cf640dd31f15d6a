package dev.tocsin.config;

import dev.tocsin.access.LookUpLimits;
import dev.tocsin.cluster.ClusterSettings;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.TierLimits;
import dev.tocsin.webhook.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The server's settings. {@code conf/tocsin.yaml} documents every key with its unit, its default
 * and what happens at the limit; {@link SettingsReader} has the bounds.
 *
 * @param data where the embedded PostgreSQL and the generated secrets are kept
 * @param postgresUri the PostgreSQL to use; null for the embedded one
 */
public record Settings(
    Http http,
    Path data,
    @Nullable String postgresUri,
    Postgres postgres,
    Ingest ingest,
    Evaluate evaluate,
    Catalog catalog,
    Duration idempotencyWindow,
    int retentionDays,
    int partitionDaysAhead,
    Duration expireEvery,
    int expireBatch,
    Duration indexEvery,
    Duration filesLookEvery,
    Stream stream,
    Bus bus,
    Delivery delivery,
    Schedule schedule,
    CalculationLimits calculations,
    TierLimits compiling,
    Explanations explanations,
    Duration tokenValidity,
    LookUpLimits access,
    Secrets secrets,
    ClusterSettings cluster,
    Duration clockOffset,
    Duration shutdownWithin,
    Duration unreadyFor) {

  /** Without the URI, which has a password in it. */
  @Override
  public String toString() {
    return "Settings[postgres="
        + (postgresUri == null ? "embedded in " + data : "external")
        + ", "
        + java.util.stream.Stream.of(
                http,
                postgres,
                ingest,
                evaluate,
                catalog,
                "idempotencyWindow=" + idempotencyWindow,
                "retentionDays=" + retentionDays,
                "partitionDaysAhead=" + partitionDaysAhead,
                "expireEvery=" + expireEvery,
                "expireBatch=" + expireBatch,
                "indexEvery=" + indexEvery,
                "filesLookEvery=" + filesLookEvery,
                stream,
                bus,
                delivery,
                schedule,
                calculations,
                compiling,
                explanations,
                "tokenValidity=" + tokenValidity,
                access,
                secrets,
                cluster,
                "clockOffset=" + clockOffset,
                "shutdownWithin=" + shutdownWithin,
                "unreadyFor=" + unreadyFor)
            .map(Object::toString)
            .collect(Collectors.joining(", "))
        + "]";
  }

  /** The HTTP listener and the management calls behind it. */
  public record Http(
      String host,
      int port,
      int bodyBytesMax,
      int managementInFlightMax,
      int managementQueueMax,
      int managementPerOrganizationMax) {}

  /** The pools of connections. */
  public record Postgres(int poolSize, int waitersMax, Duration statementTimeout) {}

  /** How long explanations of calculations may be. */
  public record Explanations(int charactersMax, int partsMax, int textMax, int itemsMax) {}

  /** Bounds of what comes in. */
  public record Ingest(
      int batchEventsMax,
      int eventBytesMax,
      int inFlightEventsMax,
      long inFlightBytesMax,
      int organizationInFlightEventsMax,
      Duration aheadMax,
      Duration answerWithin,
      Duration retryAfter) {}

  /** Bounds of evaluation; instances 0 is one for each processor. */
  public record Evaluate(
      int instances,
      int commitEventsMax,
      int commitBytesMax,
      int commitsMax,
      int commitBesideFrom,
      int actorsMax,
      Duration countsEvery,
      int countsMax,
      int countsBatch,
      Duration unavailablePause) {}

  /** Bounds of what organizations add to their event types, and of what is learned of them. */
  public record Catalog(
      int entitiesMax,
      int scheduledEventsMax,
      int heldMax,
      Duration refreshEvery,
      int learnedFieldsMax,
      int learnedFieldsPerTypeMax,
      int learnedDepthMax,
      int learnedPathLengthMax,
      int learnedShapesMax,
      int learnedRememberedMax,
      int learnedPendingMax,
      Duration learnEvery,
      Duration seenEvery) {}

  /** Bounds and pace of event streams. */
  public record Stream(
      int streamsMax,
      int perOrganizationMax,
      int bufferBytesMax,
      int readEventsMax,
      Duration pollEvery,
      Duration keepAliveEvery,
      Duration retry,
      int connections) {}

  /**
   * Clients on the bus: where they get in, and their bounds.
   *
   * @param tcpCertificate a PEM file, for TLS; null for none
   * @param tcpKey its key's
   */
  public record Bus(
      boolean tcp,
      String tcpHost,
      int tcpPort,
      @Nullable String tcpCertificate,
      @Nullable String tcpKey,
      boolean webSockets,
      int connectionsMax,
      int withoutTokenMax,
      int perOrganizationMax,
      int messageBytesMax,
      int requestsMax,
      Duration tokenWithin,
      int windowMax,
      Duration acknowledgeWithin) {}

  /** Bounds and pace of delivery; instances 0 is one for each processor. */
  public record Delivery(
      int instances,
      Duration timeout,
      Duration lease,
      int perWebhookConcurrency,
      int perWebhookQueueMax,
      int perOrganizationConcurrency,
      int perOrganizationQueueMax,
      int inFlightMax,
      int queueMax,
      List<Duration> retryDelays,
      double jitter,
      int responseBytesMax,
      int keptResponseBytes,
      Duration retryAfterMax,
      Duration sweepEvery,
      int sweepBatch,
      int outcomeBatchMax,
      int failureBatch,
      Duration disableAfter,
      List<Network> allowedNetworks) {
    public Delivery {
      retryDelays = List.copyOf(retryDelays);
      allowedNetworks = List.copyOf(allowedNetworks);
    }
  }

  /** Bounds and pace of scheduled events. */
  public record Schedule(
      Duration lateWindow,
      Duration pollEvery,
      Duration lease,
      int batchMax,
      int batchBytesMax,
      int batchesMax,
      int perOrganizationBatchesMax,
      int armingBatch) {}

  /**
   * Where the key comes from that encrypts and signs; no key is shown anywhere.
   *
   * @param tokenKeys what else tokens are signed with, the first of them new ones
   */
  public record Secrets(@Nullable String key, Path keyFile, List<String> tokenKeys) {
    public Secrets {
      tokenKeys = List.copyOf(tokenKeys);
    }

    @Override
    public String toString() {
      return "Secrets["
          + (key == null ? "keyFile=" + keyFile : "key given")
          + ", tokenKeys="
          + tokenKeys.size()
          + "]";
    }
  }
}
