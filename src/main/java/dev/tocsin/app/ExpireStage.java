package dev.tocsin.app;

import dev.tocsin.config.Settings;
import dev.tocsin.expire.ErasureSweep;
import dev.tocsin.expire.ExpiredPartitionSweep;
import dev.tocsin.expire.ExpirySweep;
import dev.tocsin.expire.ExpirySweep.Step;
import dev.tocsin.expire.OldRowSweep;
import dev.tocsin.expire.PartitionAheadSweep;
import dev.tocsin.expire.RuleDaySweep;
import dev.tocsin.expire.WaitingRunSweep;
import dev.tocsin.store.PgErasures;
import dev.tocsin.store.PgExpiredPartitions;
import dev.tocsin.store.PgHorizon;
import dev.tocsin.store.PgOldRows;
import dev.tocsin.store.PgPartitions;
import dev.tocsin.store.PgRuleDays;
import dev.tocsin.store.PgTurn;
import dev.tocsin.store.PgWaitingRuns;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;

/** What makes room for events to come, and takes away those that have expired. */
record ExpireStage(
    Deployments deployments,
    Settings settings,
    Pools pools,
    Readiness readiness,
    MeterRegistry meters) {
  /** Days lie ahead, so this is often enough. */
  private static final Duration MAKE_PARTITIONS_EVERY = Duration.ofHours(1);

  /** Deploys it; there is room for events when it returns. */
  void deploy() {
    PartitionAheadSweep ahead =
        new PartitionAheadSweep(
            new PgPartitions(pools.shared()), pools.clock(), settings.partitionDaysAhead(), meters);
    readiness.warnedBy(ahead::warnings);
    ahead.runOnce();
    deployments.deploy(
        "partitions ahead",
        SweepVerticle.paced(
            "partitions ahead",
            MAKE_PARTITIONS_EVERY,
            () -> {
              ahead.runOnce();
              return false;
            }));
    ExpirySweep expiry =
        new ExpirySweep(new PgTurn(pools.expiry()), ending(), steps(), pools.clock());
    deployments.deploy(
        "expiry",
        SweepVerticle.paced("expiry", settings.expireEvery(), () -> expiry.runOnce().more()));
  }

  /** What waits ends, and is told, before what it is part of is dropped. */
  private Step ending() {
    WaitingRunSweep runs =
        new WaitingRunSweep(
            new PgWaitingRuns(pools.delivery(), pools.retention()), settings.expireBatch(), meters);
    return new Step("waiting runs", false, keep -> runs.runOnce().more());
  }

  private List<Step> steps() {
    ExpiredPartitionSweep partitions =
        new ExpiredPartitionSweep(
            new PgExpiredPartitions(
                pools.expiry(), pools.retention(), settings.idempotencyWindow()),
            meters);
    OldRowSweep rows =
        new OldRowSweep(
            new PgOldRows(pools.events(), pools.delivery(), pools.retention()),
            settings.expireBatch(),
            meters);
    Gauge.builder("tocsin.erasure.pending", pools.horizon(), PgHorizon::erasing).register(meters);
    ErasureSweep erasures =
        new ErasureSweep(
            new PgErasures(pools.expiry(), pools.clock()), settings.expireBatch(), meters);
    RuleDaySweep ruleDays =
        new RuleDaySweep(
            new PgRuleDays(pools.expiry(), pools.horizon()),
            pools.clock(),
            settings.retentionDays(),
            settings.expireBatch());
    return List.of(
        new Step("partitions", true, keep -> partitions.runOnce(keep).more()),
        new Step("old rows", true, keep -> rows.runOnce(keep).more()),
        new Step("erasures", false, keep -> erasures.runOnce(keep).more()),
        new Step("rule days", false, keep -> ruleDays.runOnce().more()));
  }
}
