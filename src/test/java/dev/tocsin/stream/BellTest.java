package dev.tocsin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BellTest {
  @Test
  void work_that_is_rung_for_while_it_is_done_is_done_once_more() {
    Threads threads = new Threads();
    List<Integer> done = new ArrayList<>();
    Bell[] bell = new Bell[1];
    bell[0] =
        new Bell(
            threads,
            () -> {
              done.add(done.size());
              if (done.size() == 1) {
                bell[0].ring();
                bell[0].ring();
              }
            });
    bell[0].ring();
    bell[0].ring();
    threads.runAll();

    assertThat(done).containsExactly(0, 1);
  }

  @Test
  void work_that_fails_is_done_again_when_it_is_rung_for() {
    Threads threads = new Threads();
    AtomicInteger tries = new AtomicInteger();
    Bell bell =
        new Bell(
            threads,
            () -> {
              tries.incrementAndGet();
              throw new IllegalStateException("a mistake");
            });
    bell.ring();
    threads.runAll();
    bell.ring();
    threads.runAll();

    assertThat(tries).hasValue(2);
  }

  /**
   * Whoever rings in the moment in which work ends must not set off a second one beside the next.
   */
  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void work_is_never_done_twice_at_a_time_and_after_the_last_ring_at_least_once() throws Exception {
    AtomicInteger working = new AtomicInteger();
    AtomicInteger beside = new AtomicInteger();
    AtomicInteger rung = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Bell bell =
          new Bell(
              threads,
              () -> {
                if (working.incrementAndGet() > 1) {
                  beside.incrementAndGet();
                }
                seen.set(rung.get());
                working.decrementAndGet();
              });
      List<Thread> ringers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        ringers.add(
            Thread.ofPlatform()
                .start(() -> {
                  for (int ring = 0; ring < 50_000; ring++) {
                    rung.incrementAndGet();
                    bell.ring();
                  }
                }));
      }
      for (Thread ringer : ringers) {
        ringer.join();
      }
      while (seen.get() < 200_000) {
        Thread.onSpinWait();
      }
    }

    assertThat(beside).hasValue(0);
  }
}
