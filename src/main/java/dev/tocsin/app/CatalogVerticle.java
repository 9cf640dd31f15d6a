package dev.tocsin.app;

import dev.tocsin.catalog.HeldCatalogs;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;

/** Has the node's catalogs looked after again and again; nothing in it waits. */
final class CatalogVerticle extends VerticleBase {
  private final HeldCatalogs catalogs;
  private final Duration every;

  CatalogVerticle(HeldCatalogs catalogs, Duration every) {
    this.catalogs = catalogs;
    this.every = every;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(every.toMillis(), timer -> catalogs.refresh());
    return Future.succeededFuture();
  }
}
