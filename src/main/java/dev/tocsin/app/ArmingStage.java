package dev.tocsin.app;

import dev.tocsin.config.Settings;
import dev.tocsin.schedule.ArmingSweep;
import dev.tocsin.store.PgArmings;
import io.micrometer.core.instrument.MeterRegistry;

/** Arms what was stored before the scheduled event configurations that it is for. */
final class ArmingStage {
  /** Of how many organizations walks go on in one round; the others have the next. */
  private static final int ORGANIZATIONS_MAX = 100;

  private ArmingStage() {}

  static void deploy(
      Deployments deployments, Settings settings, Pools pools, MeterRegistry meters) {
    Settings.Schedule schedule = settings.schedule();
    ArmingSweep sweep =
        new ArmingSweep(
            new ArmingSweep.Limits(ORGANIZATIONS_MAX, schedule.armingBatch()),
            new PgArmings(pools.shared(), pools.clock(), schedule.lateWindow(), schedule.lease()),
            pools.clock(),
            meters);
    deployments.deploy(
        "arming",
        SweepVerticle.paced("arming", schedule.pollEvery(), () -> sweep.runOnce().more()));
  }
}
