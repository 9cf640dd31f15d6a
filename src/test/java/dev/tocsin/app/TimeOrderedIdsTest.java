package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TimeOrderedIdsTest {
  private static final Instant START = Instant.parse("2026-11-23T08:00:00Z");
  private static final int PER_MILLISECOND = 4_096;

  private Instant now = START;
  private final TimeOrderedIds ids = new TimeOrderedIds(() -> now, new Random(7));

  @Test
  void an_id_is_a_version_7_uuid_of_its_millisecond() {
    UUID id = ids.next();

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(milliseconds(id)).isEqualTo(START.toEpochMilli());
  }

  @Test
  void ids_grow_when_the_clock_steps_back_stands_and_goes_on() {
    List<UUID> made = new ArrayList<>();
    for (long step : new long[] {0, 0, -60_000, 0, 59_999, 1, 1, 5_000, -1, 0}) {
      now = now.plusMillis(step);
      made.add(ids.next());
      made.add(ids.next());
    }

    assertGrowing(made);
    assertThat(milliseconds(made.getLast())).isEqualTo(START.toEpochMilli() + 5_001);
  }

  @Test
  void more_than_one_millisecond_holds_borrow_from_the_next() {
    List<UUID> made = Stream.generate(ids::next).limit(PER_MILLISECOND * 2L + 1).toList();

    assertGrowing(made);
    assertThat(made).allMatch(id -> id.version() == 7 && id.variant() == 2);
    assertThat(milliseconds(made.get(PER_MILLISECOND - 1))).isEqualTo(START.toEpochMilli());
    assertThat(milliseconds(made.get(PER_MILLISECOND))).isEqualTo(START.toEpochMilli() + 1);
    assertThat(milliseconds(made.getLast())).isEqualTo(START.toEpochMilli() + 2);
  }

  @Test
  void threads_get_different_ids_and_each_sees_its_own_grow()
      throws InterruptedException, ExecutionException {
    Callable<List<UUID>> work = () -> Stream.generate(ids::next).limit(10_000).toList();
    Set<UUID> all = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<List<UUID>> made : threads.invokeAll(List.of(work, work, work, work))) {
        assertGrowing(made.get());
        all.addAll(made.get());
      }
    }

    assertThat(all).hasSize(40_000);
  }

  /** As PostgreSQL orders them: by their bytes, unsigned; UUID.compareTo is signed. */
  private static void assertGrowing(List<UUID> made) {
    for (int i = 1; i < made.size(); i++) {
      assertThat(
              Long.compareUnsigned(
                  made.get(i - 1).getMostSignificantBits(), made.get(i).getMostSignificantBits()))
          .isNegative();
    }
  }

  private static long milliseconds(UUID id) {
    return id.getMostSignificantBits() >>> 16;
  }
}
