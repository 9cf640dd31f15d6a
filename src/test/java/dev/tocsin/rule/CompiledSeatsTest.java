package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is compiled. What a compiled calculation says here tells that it is one: it never fires. */
class CompiledSeatsTest {
  private static final int COMPILE_AFTER = 20;
  private static final int BURSTS_MAX = 1_000_000;
  private static final Change CHANGE = new Change(Instant.EPOCH, null, null);
  private static final Condition COMPILED = _ -> false;

  private final TasksInHand tasks = new TasksInHand();

  @ParameterizedTest
  @CsvSource({"3, 1", "3, 2", "6, 2", "6, 5"})
  void equally_busy_calculations_do_not_drive_each_other_out(int busy, int seats) {
    try (CompiledTier tier = tier(seats)) {
      List<Calculation> calculations = calculations(tier, busy);
      Random order = new Random(busy);
      for (int event = 0; event < 100 * COMPILE_AFTER; event++) {
        Collections.shuffle(calculations, order);
        calculations.forEach(calculation -> calculation.evaluate(CHANGE));
        tasks.run();
      }
      assertThat(tier.compilations()).isEqualTo(seats);
      assertThat(tier.size()).isEqualTo(seats);
      assertThat(calculations.stream().filter(CompiledSeatsTest::isCompiled)).hasSize(seats);
      assertThat(tier.refusals()).isEqualTo((busy - seats) * 100L);
    }
  }

  @Test
  void a_calculation_at_rest_loses_its_seat_to_a_busy_one_and_the_busy_keep_theirs() {
    try (CompiledTier tier = tier(3)) {
      List<Calculation> calculations = calculations(tier, 4);
      Calculation resting = calculations.get(1);
      calculations.subList(0, 3).forEach(calculation -> evaluate(calculation, COMPILE_AFTER));
      tasks.run();
      assertThat(isCompiled(resting)).isTrue();
      calculations.remove(resting);
      for (int event = 0; event < 3 * COMPILE_AFTER; event++) {
        calculations.forEach(calculation -> evaluate(calculation, 1));
        tasks.run();
      }
      assertThat(calculations).allMatch(CompiledSeatsTest::isCompiled);
      assertThat(isCompiled(resting)).isFalse();
      assertThat(tier.compilations()).isEqualTo(4);
    }
  }

  @Test
  void once_in_a_period_is_busy_enough() {
    try (CompiledTier tier = tier(1)) {
      List<Calculation> calculations = calculations(tier, 2);
      evaluate(calculations.getFirst(), COMPILE_AFTER);
      tasks.run();
      for (int period = 0; period < 10; period++) {
        evaluate(calculations.getLast(), COMPILE_AFTER);
        assertThat(isCompiled(calculations.getFirst())).isTrue();
      }
      assertThat(tier.refusals()).isEqualTo(10);
    }
  }

  /** Compiled at the end of a period, it had no chance to be evaluated in it. */
  @Test
  void what_was_just_compiled_is_not_at_rest() {
    try (CompiledTier tier = tier(1)) {
      List<Calculation> calculations = calculations(tier, 2);
      evaluate(calculations.getFirst(), COMPILE_AFTER);
      evaluate(calculations.getLast(), 3 * COMPILE_AFTER - 1);
      tasks.run();
      evaluate(calculations.getLast(), 1);
      tasks.run();
      assertThat(isCompiled(calculations.getFirst())).isTrue();
      assertThat(isCompiled(calculations.getLast())).isFalse();
    }
  }

  @Test
  void one_that_lost_its_seat_asks_for_another() {
    try (CompiledTier tier = tier(1)) {
      List<Calculation> calculations = calculations(tier, 2);
      evaluate(calculations.getFirst(), COMPILE_AFTER);
      tasks.run();
      for (int turn = 1; turn <= 4; turn++) {
        Calculation busy = calculations.get(turn % 2);
        evaluate(busy, 4 * COMPILE_AFTER);
        tasks.run();
        assertThat(isCompiled(busy)).isTrue();
        assertThat(isCompiled(calculations.get((turn + 1) % 2))).isFalse();
      }
      assertThat(tier.compilations()).isEqualTo(5);
    }
  }

  @Test
  void what_fails_to_compile_is_counted_and_runs_as_closures_without_a_seat() {
    List<Throwable> thrown =
        List.of(
            new IllegalStateException(),
            new NoClassDefFoundError(),
            new StackOverflowError(),
            new OutOfMemoryError());
    List<Throwable> left = new ArrayList<>(thrown);
    try (CompiledTier tier = tier(1, _ -> left.isEmpty() ? COMPILED : thrown(left.removeFirst()))) {
      List<Calculation> calculations = calculations(tier, thrown.size() + 1);
      for (Calculation calculation : calculations) {
        evaluate(calculation, COMPILE_AFTER);
        tasks.run();
        evaluate(calculation, 10 * COMPILE_AFTER);
        tasks.run();
      }
      assertThat(tier.failures()).isEqualTo(thrown.size());
      assertThat(tier.compilations()).isEqualTo(1);
      assertThat(tier.refusals()).isZero();
      assertThat(tier.size()).isEqualTo(1);
      assertThat(isCompiled(calculations.removeLast())).isTrue();
      assertThat(calculations).noneMatch(CompiledSeatsTest::isCompiled);
    }
  }

  @Test
  void a_closed_tier_compiles_nothing_more_and_what_is_compiled_goes_on() {
    CompiledTier tier = tier(2);
    List<Calculation> calculations = calculations(tier, 3);
    evaluate(calculations.get(0), COMPILE_AFTER);
    tasks.run();
    evaluate(calculations.get(1), COMPILE_AFTER);
    tier.close();
    evaluate(calculations.get(1), 10 * COMPILE_AFTER);
    evaluate(calculations.get(2), 10 * COMPILE_AFTER);
    tasks.run();
    assertThat(calculations.stream().map(CompiledSeatsTest::isCompiled))
        .containsExactly(true, false, false);
    assertThat(tier.compilations()).isEqualTo(1);
    assertThat(tier.failures()).isZero();
  }

  /** Each thread is busy with one calculation after another, so that seats change hands. */
  @Test
  void several_threads_share_the_seats() throws Exception {
    int threads = 4;
    Condition compiled = _ -> true;
    CyclicBarrier start = new CyclicBarrier(threads);
    try (CompiledTier tier =
            new CompiledTier(
                CalculationLimits.DEFAULTS,
                new TierLimits(2, 3),
                _ -> compiled,
                Executors.newSingleThreadExecutor());
        ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      List<Calculation> calculations = calculations(tier, 6);
      Function<Integer, Callable<Boolean>> work =
          number ->
              () -> {
                start.await();
                Random random = new Random(number);
                boolean alwaysFired = true;
                for (int burst = 0; burst < BURSTS_MAX && tier.compilations() < 50; burst++) {
                  Calculation busy = calculations.get(random.nextInt(calculations.size()));
                  for (int i = 0; i < 20; i++) {
                    alwaysFired &= busy.evaluate(CHANGE) == Outcome.Fires.INSTANCE;
                  }
                }
                return alwaysFired;
              };
      List<Callable<Boolean>> all = IntStream.range(0, threads).boxed().map(work).toList();
      for (Future<Boolean> alwaysFired : workers.invokeAll(all)) {
        assertThat(alwaysFired.get()).isTrue();
      }
      assertThat(tier.failures()).isZero();
      assertThat(tier.compilations()).isGreaterThanOrEqualTo(50);
      assertThat(tier.size()).isEqualTo(2);
    }
  }

  private CompiledTier tier(int seats) {
    return tier(seats, _ -> COMPILED);
  }

  private CompiledTier tier(int seats, Function<GroovySource, Condition> compiler) {
    TierLimits limits = new TierLimits(seats, COMPILE_AFTER);
    return new CompiledTier(CalculationLimits.DEFAULTS, limits, compiler, tasks);
  }

  /** Different ones, which fire as closures. */
  private static List<Calculation> calculations(CompiledTier tier, int count) {
    List<Calculation> calculations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Parsed parsed = tier.parse("new.a == null AND new.b != " + i);
      calculations.add(((Parsed.Valid) parsed).calculation());
    }
    return calculations;
  }

  private static void evaluate(Calculation calculation, int times) {
    for (int i = 0; i < times; i++) {
      calculation.evaluate(CHANGE);
    }
  }

  private static boolean isCompiled(Calculation calculation) {
    return calculation.evaluate(CHANGE) == Outcome.DoesNotFire.INSTANCE;
  }

  private static Condition thrown(Throwable thrown) {
    switch (thrown) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalArgumentException(thrown);
    }
  }
}
