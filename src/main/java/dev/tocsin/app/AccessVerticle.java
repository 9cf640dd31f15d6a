package dev.tocsin.app;

import dev.tocsin.access.KeyCheck;
import dev.tocsin.access.Rights;
import dev.tocsin.bus.Bus;
import dev.tocsin.flow.Flow;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Forgets what callers might do, when a node changed it: nothing in it waits. */
final class AccessVerticle extends VerticleBase {
  private final Bus bus;
  private final KeyCheck keys;
  private final Rights rights;

  AccessVerticle(Bus bus, KeyCheck keys, Rights rights) {
    this.bus = bus;
    this.keys = keys;
    this.rights = rights;
  }

  @Override
  public Future<?> start() {
    bus.consume(
        Flow.ACCESS_CHANGED,
        changed -> {
          keys.forget(changed.organization());
          rights.forget(changed.organization());
        });
    return Future.succeededFuture();
  }
}
