package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class DeploymentsTest {
  private final List<Promise<Void>> stops = List.of(Promise.promise(), Promise.promise());
  private final List<Boolean> stopped = new ArrayList<>();

  /**
   * Each of two ends when both have been told to: of two after one another the first never would.
   */
  @Test
  void what_is_deployed_together_is_told_to_stop_together() {
    Vertx vertx = Vertx.vertx();
    Parts parts = new Parts();
    parts.add("vertx", () -> Deployments.await(vertx.close()));
    Deployments.Together together = new Deployments(vertx, parts).together("clients");
    stops.forEach(stop -> together.deploy(1, instance -> new Waiting(stop)));

    parts.close(new Deadline(Duration.ofSeconds(50), System::nanoTime));

    assertThat(stopped).containsExactly(true, true);
  }

  private final class Waiting extends VerticleBase {
    private final Promise<Void> told;

    Waiting(Promise<Void> told) {
      this.told = told;
    }

    @Override
    public Future<?> stop() {
      told.complete();
      return Future.join(stops.stream().map(Promise::future).toList()).onSuccess(all -> ended());
    }
  }

  private synchronized void ended() {
    stopped.add(true);
  }
}
