package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.EventType;
import dev.tocsin.event.Change;
import dev.tocsin.event.EventName;
import dev.tocsin.event.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CompiledTierTest {
  /** The first takes seconds on a busy machine. */
  private static final Duration COMPILATION_MAX = Duration.ofMinutes(1);

  private static final Change BIG = new Change(Instant.EPOCH, payload(5_000L), null);
  private static final Change SMALL = new Change(Instant.EPOCH, payload(1L), null);

  @Test
  void compiles_what_is_asked_often_and_says_the_same() {
    try (CompiledTier tier = tier(10)) {
      Calculation calculation = valid(tier.parse("new.amount > 4000"));
      ask(calculation, 2);
      assertThat(tier.size()).isZero();
      compile(tier, calculation, 1);
      assertThat(calculation.evaluate(BIG)).isEqualTo(Outcome.Fires.INSTANCE);
      assertThat(calculation.evaluate(SMALL)).isEqualTo(Outcome.DoesNotFire.INSTANCE);
      Calculation failing = valid(tier.parse("new.amount + 'x' == 1"));
      Outcome asClosures = failing.evaluate(BIG);
      compile(tier, failing, 2);
      assertThat(asClosures).isInstanceOf(Outcome.Failed.class);
      assertThat(failing.evaluate(BIG)).isEqualTo(asClosures);
      assertThat(calculation.text()).isEqualTo("new.amount > 4000");
      assertThat(Calculations.tree(calculation)).isNotNull();
    }
  }

  @Test
  void what_may_be_compiled_explains_itself_and_warns_as_ever() {
    String text = "new.amount > 4000 AND new.nmae == null";
    EventName created = new EventName("configuration.account.created");
    EventType type = Objects.requireNonNull(Catalog.system().find(created));
    try (CompiledTier tier = tier(10)) {
      ParsedCalculation tiered = valid(tier.parse(text));
      ParsedCalculation plain = valid(Calculations.parse(text, CalculationLimits.DEFAULTS));
      assertThat(tiered).isNotSameAs(plain).isInstanceOf(TieredCalculation.class);
      assertThat(tiered.explain(SMALL)).isEqualTo(plain.explain(SMALL));
      assertThat(tiered.warnings(type)).isEqualTo(plain.warnings(type)).isNotEmpty();
    }
  }

  @Test
  void a_busy_calculation_keeps_its_place_and_an_idle_one_loses_it() {
    try (CompiledTier tier = tier(1)) {
      Calculation first = valid(tier.parse("new.amount > 1"));
      Calculation second = valid(tier.parse("new.amount > 2"));
      compile(tier, first, 1);
      ask(first, 1);
      ask(second, 3);
      assertThat(tier.refusals()).isEqualTo(1);
      compile(tier, second, 2);
      assertThat(tier.size()).isEqualTo(1);
      assertThat(first.evaluate(BIG)).isEqualTo(Outcome.Fires.INSTANCE);
    }
  }

  @Test
  void one_that_is_read_again_is_compiled_at_once() {
    try (CompiledTier tier = tier(1)) {
      Calculation first = valid(tier.parse("new.amount > 1"));
      compile(tier, first, 1);
      Calculation again = valid(tier.parse("new.amount > 1"));
      ask(again, 10);
      assertThat(again.evaluate(BIG)).isEqualTo(first.evaluate(BIG));
      assertThat(tier.compilations()).isEqualTo(1);
      assertThat(tier.refusals()).isZero();
    }
  }

  @Test
  void compiles_nothing_when_off_or_when_it_would_not_pay() {
    try (CompiledTier off = new CompiledTier(CalculationLimits.DEFAULTS, new TierLimits(0, 1));
        CompiledTier tier = tier(10)) {
      ask(valid(off.parse("new.amount > 1")), 10);
      ask(valid(tier.parse("new.amount > 1 OR ".repeat(200) + "new.x")), 10);
      ask(valid(tier.parse("new" + ".a".repeat(CompiledTier.PARTS_MAX) + " == 1")), 10);
      assertThat(off.size() + tier.size()).isZero();
    }
  }

  @Test
  void a_place_is_free_when_its_calculations_are_gone() {
    try (CompiledTier tier = tier(1)) {
      compile(tier, valid(tier.parse("new.amount > 1")), 1);
      for (int tries = 0; tier.size() > 0 && tries < 100; tries++) {
        System.gc();
      }
      assertThat(tier.size()).isZero();
    }
  }

  private static CompiledTier tier(int compiledMax) {
    return new CompiledTier(CalculationLimits.DEFAULTS, new TierLimits(compiledMax, 3));
  }

  private static void ask(Calculation calculation, int times) {
    for (int i = 0; i < times; i++) {
      calculation.evaluate(BIG);
    }
  }

  /** Asks until so many have been compiled in all; the compiler needs some time. */
  private static void compile(CompiledTier tier, Calculation calculation, long compilations) {
    long end = System.nanoTime() + COMPILATION_MAX.toNanos();
    while (tier.compilations() < compilations) {
      calculation.evaluate(BIG);
      assertThat(System.nanoTime() - end).as("nanoseconds too late").isNegative();
      assertThat(tier.failures()).isZero();
      Thread.onSpinWait();
    }
  }

  private static ParsedCalculation valid(Parsed parsed) {
    return ((Parsed.Valid) parsed).calculation();
  }

  // javac leaves the @Nullable of a compact constructor's parameter out of the class file that the
  // tests are compiled against
  @SuppressWarnings("NullAway")
  private static Payload payload(long amount) {
    return new Payload("{}", Map.of("amount", amount));
  }
}
