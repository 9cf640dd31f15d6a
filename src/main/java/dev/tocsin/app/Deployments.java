package dev.tocsin.app;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
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
    String id = deploy(vertx, instances, threads, verticle);
    parts.add(name, () -> await(vertx.undeploy(id)));
  }

  private static String deploy(
      Vertx vertx, int instances, ThreadingModel threads, IntFunction<VerticleBase> verticle) {
    AtomicInteger next = new AtomicInteger();
    DeploymentOptions options =
        new DeploymentOptions().setInstances(instances).setThreadingModel(threads);
    return await(vertx.deployVerticle(() -> verticle.apply(next.getAndIncrement()), options));
  }

  /**
   * Some that are undeployed at the same time, as one part: what each waits for while it stops, it
   * waits for while the others do.
   */
  Together together(String name) {
    Together together = new Together(vertx, new ArrayList<>());
    parts.add(name, together::undeploy);
    return together;
  }

  /**
   * What is undeployed at the same time.
   *
   * @param ids of what was deployed so far, by the thread that undeploys it
   */
  record Together(Vertx vertx, List<String> ids) {
    /** Deploys some alike, on event loops. */
    void deploy(int instances, IntFunction<VerticleBase> verticle) {
      ids.add(Deployments.deploy(vertx, instances, ThreadingModel.EVENT_LOOP, verticle));
    }

    private void undeploy() {
      await(Future.join(ids.stream().map(vertx::undeploy).toList()));
    }
  }

  /** Waits on a thread of the process' own, never on one of Vert.x. */
  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
