package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StreamBufferTest {
  private static final int MAX = 64 << 10;

  private final StreamBuffer buffer = new StreamBuffer(MAX);
  private final AtomicInteger reads = new AtomicInteger();

  @Test
  void what_is_larger_than_the_buffer_waits_alone() {
    assertThat(buffer.take(250_000)).isTrue();
    assertThat(buffer.take(1)).isFalse();
    buffer.taken(250_000);
    assertThat(buffer.isIdle()).isTrue();
    assertThat(buffer.take(250_000)).isTrue();
  }

  /** Else it is read again and again, as fast as the database answers, until a client takes it. */
  @Test
  void what_had_no_room_is_read_again_only_when_it_has() {
    buffer.add(2);
    assertThat(buffer.take(100)).isTrue();
    read(250_000);
    assertThat(reads).hasValue(1);

    buffer.taken(2);
    assertThat(reads).hasValue(1);
    buffer.taken(100);
    assertThat(reads).hasValue(2);
    assertThat(buffer.isIdle()).isFalse();
  }

  @Test
  void half_of_it_has_to_be_free_before_small_ones_are_read_again() {
    assertThat(buffer.take(MAX - 100)).isTrue();
    assertThat(buffer.take(100)).isTrue();
    read(100);
    assertThat(reads).hasValue(1);

    buffer.taken(200);
    assertThat(reads).hasValue(1);
    buffer.taken(MAX / 2 - 200);
    assertThat(reads).hasValue(2);
  }

  @Test
  void whoever_is_told_that_there_is_room_has_room() {
    for (int waiting = 0; waiting <= MAX; waiting += 1_024) {
      for (int bytes = 1; bytes < 4 * MAX; bytes += 1_000) {
        StreamBuffer one = new StreamBuffer(MAX);
        one.add(waiting);
        if (!one.take(bytes)) {
          int refused = bytes;
          one.whenRoom(() -> assertThat(one.take(refused)).isTrue());
        }
      }
    }
  }

  /** As a follower does: what was refused is read anew when there is room for it. */
  private void read(int bytes) {
    if (reads.incrementAndGet() < 10 && !buffer.take(bytes)) {
      buffer.whenRoom(() -> read(bytes));
    }
  }

  @Test
  void a_client_is_stalled_that_took_nothing_of_what_waits_since_the_last_look() {
    assertThat(buffer.isStalled()).isFalse();
    buffer.add(10);
    assertThat(buffer.isStalled()).isTrue();
    buffer.taken(5);
    assertThat(buffer.isStalled()).isFalse();
    assertThat(buffer.isStalled()).isTrue();
    buffer.taken(5);
    assertThat(buffer.isStalled()).isFalse();
  }
}
