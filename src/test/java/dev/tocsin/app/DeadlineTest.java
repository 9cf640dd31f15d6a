package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  @Test
  void what_one_takes_the_next_does_not_have() {
    // As System.nanoTime may: close to where it overflows.
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    Deadline deadline = new Deadline(Duration.ofSeconds(10), nanos::get);

    assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(10));
    nanos.addAndGet(Duration.ofSeconds(7).toNanos());
    assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(3));
    nanos.addAndGet(Duration.ofSeconds(7).toNanos());
    assertThat(deadline.left()).isEqualTo(Duration.ZERO);
  }
}
