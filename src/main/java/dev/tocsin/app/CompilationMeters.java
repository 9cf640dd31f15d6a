package dev.tocsin.app;

import dev.tocsin.rule.CompiledTier;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of compiled calculations. */
final class CompilationMeters {
  private CompilationMeters() {}

  static void bindTo(MeterRegistry meters, CompiledTier tier) {
    Gauge.builder("tocsin.rules.compiled", tier, CompiledTier::size).register(meters);
    FunctionCounter.builder("tocsin.rules.compilations", tier, CompiledTier::compilations)
        .register(meters);
    FunctionCounter.builder("tocsin.rules.compilations.failed", tier, CompiledTier::failures)
        .register(meters);
    FunctionCounter.builder("tocsin.rules.compilations.refused", tier, CompiledTier::refusals)
        .register(meters);
  }
}
