package dev.tocsin.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds settings that are each within bounds and make no sense together. */
final class Coherence {
  /**
   * A courier begins no attempt that might end in the last two seconds of its lease; two more are
   * left for the delivery to be claimed and to have its turn.
   */
  private static final Duration LEASE_BEYOND = Duration.ofSeconds(4);

  private static final List<Rule> RULES =
      List.of(
          new Rule(
              "http.bodyBytesMax",
              "ingest.eventBytesMax",
              s -> s.http().bodyBytesMax() >= s.ingest().eventBytesMax(),
              "must not be less than ingest.eventBytesMax, or such an event fits no request"),
          new Rule(
              "ingest.inFlightBytesMax",
              "http.bodyBytesMax",
              s -> s.ingest().inFlightBytesMax() >= s.http().bodyBytesMax(),
              "must not be less than http.bodyBytesMax, or such a request never gets in"),
          new Rule(
              "ingest.inFlightEventsMax",
              "ingest.batchEventsMax",
              s -> s.ingest().inFlightEventsMax() >= s.ingest().batchEventsMax(),
              "must not be less than ingest.batchEventsMax, or such a batch never gets in"),
          new Rule(
              "ingest.organizationInFlightEventsMax",
              "ingest.batchEventsMax",
              s -> s.ingest().organizationInFlightEventsMax() >= s.ingest().batchEventsMax(),
              "must not be less than ingest.batchEventsMax, or such a batch never gets in"),
          new Rule(
              "stream.perOrganizationMax",
              "stream.streamsMax",
              s -> s.stream().perOrganizationMax() <= s.stream().streamsMax(),
              "must not be more than stream.streamsMax, which bounds all together"),
          new Rule(
              "bus.perOrganizationMax",
              "bus.connectionsMax",
              s -> s.bus().perOrganizationMax() <= s.bus().connectionsMax(),
              "must not be more than bus.connectionsMax, which bounds all together"),
          new Rule(
              "bus.tcpCertificate",
              "bus.tcpKey",
              s -> (s.bus().tcpCertificate() == null) == (s.bus().tcpKey() == null),
              "must be given with bus.tcpKey, or neither"),
          new Rule(
              "delivery.lease",
              "delivery.timeout",
              s -> s.delivery().lease().compareTo(s.delivery().timeout().multipliedBy(2)) >= 0,
              "must be at least twice delivery.timeout, or a node sends what another still sends"),
          new Rule(
              "delivery.lease",
              "delivery.timeout",
              s ->
                  s.delivery().lease().compareTo(s.delivery().timeout().multipliedBy(2)) < 0
                      || s.delivery().lease().compareTo(s.delivery().timeout().plus(LEASE_BEYOND))
                          >= 0,
              "must be at least 4 s longer than delivery.timeout, or no attempt begins in time"),
          new Rule(
              "delivery.perWebhookConcurrency",
              "delivery.perOrganizationConcurrency",
              s ->
                  s.delivery().perWebhookConcurrency() <= s.delivery().perOrganizationConcurrency(),
              "must not be more than delivery.perOrganizationConcurrency, which bounds an organization"),
          new Rule(
              "delivery.perWebhookQueueMax",
              "delivery.perOrganizationQueueMax",
              s -> s.delivery().perWebhookQueueMax() <= s.delivery().perOrganizationQueueMax(),
              "must not be more than delivery.perOrganizationQueueMax, which bounds an organization"),
          new Rule(
              "delivery.perOrganizationConcurrency",
              "delivery.inFlightMax",
              s -> s.delivery().perOrganizationConcurrency() <= s.delivery().inFlightMax(),
              "must not be more than delivery.inFlightMax, which bounds all together"),
          new Rule(
              "delivery.perOrganizationQueueMax",
              "delivery.queueMax",
              s -> s.delivery().perOrganizationQueueMax() <= s.delivery().queueMax(),
              "must not be more than delivery.queueMax, which bounds all together"),
          new Rule(
              "delivery.keptResponseBytes",
              "delivery.responseBytesMax",
              s -> s.delivery().keptResponseBytes() <= s.delivery().responseBytesMax(),
              "must not be more than delivery.responseBytesMax, the most that is read"),
          new Rule(
              "schedule.lateWindow",
              "idempotency.window",
              s -> s.schedule().lateWindow().compareTo(s.idempotencyWindow()) <= 0,
              "must not be more than idempotency.window, or a date that is set back fires again"),
          new Rule(
              "schedule.lease",
              "ingest.answerWithin",
              s -> s.schedule().lease().compareTo(s.ingest().answerWithin().multipliedBy(2)) >= 0,
              "must be at least twice ingest.answerWithin, or a node fires what another still fires"),
          new Rule(
              "schedule.perOrganizationBatchesMax",
              "schedule.batchesMax",
              s -> s.schedule().perOrganizationBatchesMax() <= s.schedule().batchesMax(),
              "must not be more than schedule.batchesMax, which bounds all together"),
          new Rule(
              "shutdown.unreadyFor",
              "shutdown.within",
              s -> s.unreadyFor().multipliedBy(2).compareTo(s.shutdownWithin()) <= 0,
              "must be at most half of shutdown.within, which is for what is under way too"),
          new Rule(
              "cluster.enabled",
              "postgres.uri",
              s -> !s.cluster().enabled() || s.postgresUri() != null,
              "needs postgres.uri (TOCSIN_POSTGRES_URI): nodes share one PostgreSQL, and the"
                  + " embedded one is a node's own"),
          new Rule(
              "cluster.host",
              "cluster.enabled",
              s ->
                  !s.cluster().enabled()
                      || s.cluster().keys() != null
                      || s.cluster().plaintext()
                      || s.cluster().staysHere(),
              "is not this machine alone, so the event bus must be encrypted: give"
                  + " cluster.certificate, key and authority (scripts/cluster-keys makes them), or"
                  + " say cluster.plaintext: true where nobody else can reach it"),
          new Rule(
              "cluster.host",
              "cluster.publicHost",
              s -> !s.cluster().enabled() || s.cluster().isReachable(),
              "is no address that others could reach: say it with cluster.publicHost"),
          new Rule(
              "cluster.silentMax",
              "cluster.heartbeatEvery",
              s ->
                  s.cluster().silentMax().compareTo(s.cluster().heartbeatEvery().multipliedBy(3))
                      >= 0,
              "must be at least three times cluster.heartbeatEvery, or a lost heartbeat ends a"
                  + " node"));

  /**
   * What two settings must have in common.
   *
   * @param key what is said to be wrong
   * @param other what it is measured by
   */
  private record Rule(String key, String other, Predicate<Settings> holds, String message) {
    boolean isBroken(Settings settings, Map<String, Section.Key> keys) {
      // A refused key has its default here, which is not what the operator wants.
      return Stream.of(key, other).noneMatch(name -> read(keys, name).isRefused())
          && !holds.test(settings);
    }

    Problem problem(Map<String, Section.Key> keys) {
      return Stream.of(key, other)
          .map(name -> read(keys, name).place())
          .filter(Objects::nonNull)
          .findFirst()
          .map(place -> new Problem(place, key + ": " + message))
          .orElseThrow(() -> new IllegalStateException("default of " + key + " " + message));
    }
  }

  private Coherence() {}

  static List<Problem> problems(Settings settings, Map<String, Section.Key> keys) {
    return RULES.stream()
        .filter(rule -> rule.isBroken(settings, keys))
        .map(rule -> rule.problem(keys))
        .toList();
  }

  private static Section.Key read(Map<String, Section.Key> keys, String name) {
    return Objects.requireNonNull(keys.get(name), name);
  }
}
