package dev.tocsin.app;

import dev.tocsin.config.Settings;
import dev.tocsin.schedule.ArmingSweep;
import dev.tocsin.store.PgArmings;
import io.micrometer.core.instrument.MeterRegistry;

/** What arms what was stored before the scheduled event configurations that it is for. */
record ArmingStage(Deployments deployments, Settings settings, Pools pools, MeterRegistry meters) {
  /** Of how many organizations walks go on in one round; the others have the next. */
  private static final int ORGANIZATIONS_MAX = 100;

  /** Deploys it. */
  void deploy() {
    Settings.Schedule schedule = settings.schedule();
    ArmingSweep sweep =
        new ArmingSweep(
            new ArmingSweep.Limits(ORGANIZATIONS_MAX, schedule.armingBatch()),
            new PgArmings(pools.schedule(), pools.clock(), schedule.lateWindow(), schedule.lease()),
            pools.clock(),
            meters);
    deployments.deploy(
        "arming",
        SweepVerticle.paced("arming", schedule.pollEvery(), () -> sweep.runOnce().more()));
  }
}
