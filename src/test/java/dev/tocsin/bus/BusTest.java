package dev.tocsin.bus;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusTest {
  private static final Request<Question, Reply> QUESTION =
      new Request<>("question.asked", Question.class, Reply.class);

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = Bus.of(vertx, Set.of(Question.class, Reply.class));

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** Without an answer the asker would wait out its patience, here longer than the test does. */
  @Test
  void a_handler_that_throws_fails_the_request_at_once() {
    bus.answer(QUESTION, question -> Future.future(promise -> fail()));
    bus.answer(
        QUESTION.of(1),
        question -> {
          throw new IllegalStateException("a defect");
        });

    assertThatThrownBy(() -> ask(QUESTION))
        .hasCauseInstanceOf(ReplyException.class)
        .hasMessageContaining("a defect");
    assertThatThrownBy(() -> ask(QUESTION.of(1)))
        .hasCauseInstanceOf(ReplyException.class)
        .hasMessageContaining("a defect");
  }

  private static void fail() {
    throw new IllegalStateException("a defect");
  }

  private void ask(Request<Question, Reply> request) {
    bus.ask(request, new Question(), Duration.ofMinutes(1))
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  record Question() implements BusMessage {}

  record Reply() implements BusMessage {}
}
