package dev.tocsin.app;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Deploys verticles, each as a part of the server: they are undeployed in the opposite order.
 *
 * @param vertx where they run
 * @param parts which they become part of
 */
record Deployments(Vertx vertx, Parts parts) {
  /** Deploys one that waits for what it does, on virtual threads. */
  void deploy(String name, VerticleBase verticle) {
    deploy(name, 1, ThreadingModel.VIRTUAL_THREAD, instance -> verticle);
  }

  /**
   * Deploys some alike.
   *
   * @param verticle makes each by its number, from zero on
   */
  void deploy(
      String name, int instances, ThreadingModel threads, IntFunction<VerticleBase> verticle) {
    AtomicInteger next = new AtomicInteger();
    DeploymentOptions options =
        new DeploymentOptions().setInstances(instances).setThreadingModel(threads);
    String id = await(vertx.deployVerticle(() -> verticle.apply(next.getAndIncrement()), options));
    parts.add(name, () -> await(vertx.undeploy(id)));
  }

  /** Waits on a thread of the process' own, never on one of Vert.x. */
  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
