package dev.tocsin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

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

  /** Such as one of a class that cannot be loaded, or of memory that ran out for a moment. */
  @Test
  void after_an_error_too_work_is_done_again_when_it_is_rung_for() {
    Threads threads = new Threads();
    AtomicInteger tries = new AtomicInteger();
    Bell[] bell = new Bell[1];
    bell[0] =
        new Bell(
            threads,
            () -> {
              if (tries.incrementAndGet() == 1) {
                bell[0].ring();
              }
              throw new AssertionError("a mistake");
            });
    bell[0].ring();
    threads.runAll();
    assertThat(tries).hasValue(2);
    bell[0].ring();
    threads.runAll();

    assertThat(tries).hasValue(3);
  }

  /**
   * Whoever rings in the very moment in which work has ended must not set off a second one beside
   * the one to which this ring leads: they would be done by two threads at once.
   */
  @Test
  void a_ring_between_the_end_of_work_and_what_comes_of_it_leads_to_one_more() {
    Threads threads = new Threads();
    List<Integer> done = new ArrayList<>();
    Bell[] bell = new Bell[1];
    boolean[] hasEnded = new boolean[1];
    Lock lock =
        new ReentrantLock() {
          @Override
          public void unlock() {
            super.unlock();
            if (hasEnded[0]) {
              hasEnded[0] = false;
              bell[0].ring();
            }
          }
        };
    bell[0] =
        new Bell(
            threads,
            () -> {
              done.add(done.size());
              hasEnded[0] = done.size() == 1;
            },
            lock);
    bell[0].ring();
    threads.runAll();

    assertThat(done).containsExactly(0, 1);
  }
}
