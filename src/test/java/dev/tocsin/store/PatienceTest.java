package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tocsin.flow.StoreUnavailable;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatienceTest {
  private final Vertx vertx = Vertx.vertx();
  private final Patience patience = new Patience(Duration.ofSeconds(10));

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "53300", "57P01", "57014", "58030", "25006"})
  void these_states_say_nothing_about_the_statement(String state) {
    assertThat(failure(refusal(state))).isInstanceOf(StoreUnavailable.class);
  }

  /** Who tries again himself has to know; whom a caller waits for tells him to come again. */
  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01", "55P03"})
  void a_lost_conflict_is_unavailable_to_callers_alone(String state) {
    PgException refusal = refusal(state);

    assertThat(failure(refusal)).isSameAs(refusal);
    assertThat(
            catchThrowable(
                () -> patience.forCallers().await("update", Future.failedFuture(refusal))))
        .isInstanceOf(StoreUnavailable.class)
        .hasCause(refusal);
  }

  /**
   * A statement in a transaction that has failed, and one that nests transactions, are our bugs.
   */
  @ParameterizedTest
  @ValueSource(strings = {"25P02", "25001", "23505", "42601"})
  void any_other_is_passed_on(String state) {
    PgException refusal = refusal(state);
    assertThat(failure(refusal)).isSameAs(refusal);
  }

  /** The driver fails so where a connection dies just after it was made. */
  @Test
  void what_fails_means_the_same_on_every_kind_of_thread() {
    Throwable dead = new IllegalStateException("not connected");

    assertThat(failure(dead)).isInstanceOf(StoreUnavailable.class).hasCause(dead);
    assertThat(onVirtualThread(() -> failure(dead)))
        .isInstanceOf(StoreUnavailable.class)
        .hasCause(dead);
  }

  @Test
  void an_answer_that_never_comes_counts_as_lost() {
    Patience hasty = new Patience(Duration.ofMillis(1));
    Future<String> never = Promise.<String>promise().future();

    assertThat(catchThrowable(() -> hasty.await("select", never)))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageStartingWith("select failed");
  }

  @Test
  void a_thread_that_is_interrupted_waits_no_longer_and_stays_interrupted() {
    Future<String> never = Promise.<String>promise().future();

    Thread.currentThread().interrupt();
    Throwable thrown = catchThrowable(() -> patience.await("select", never));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(thrown).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void an_event_loop_does_not_wait() {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Context context = vertx.getOrCreateContext();
    context.runOnContext(nothing -> thrown.complete(failure(refusal("08006"))));

    assertThat(thrown.join()).isInstanceOf(IllegalStateException.class);
  }

  private Throwable failure(Throwable cause) {
    return catchThrowable(() -> patience.await("select", Future.failedFuture(cause)));
  }

  private Throwable onVirtualThread(Supplier<Throwable> work) {
    CompletableFuture<Throwable> result = new CompletableFuture<>();
    VerticleBase verticle =
        new VerticleBase() {
          @Override
          public Future<?> start() {
            result.complete(work.get());
            return Future.succeededFuture();
          }
        };
    vertx
        .deployVerticle(
            verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    return result.join();
  }

  private static PgException refusal(String state) {
    return new PgException("refused", "ERROR", state, "");
  }
}
