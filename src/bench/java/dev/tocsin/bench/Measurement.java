package dev.tocsin.bench;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A figure.
 *
 * @param id what was measured; the ids are listed in {@code docs/performance.md}
 * @param value the median of the runs
 * @param baseline what the value is compared with, measured in the same run
 * @param runs each run's figure
 */
record Measurement(
    String id, double value, String unit, @Nullable Double baseline, List<Double> runs) {
  Measurement {
    Objects.requireNonNull(id);
    Objects.requireNonNull(unit);
    runs = List.copyOf(runs);
  }

  /** A figure that is compared with nothing. */
  static Measurement of(String id, String unit, List<Double> runs) {
    return new Measurement(id, median(runs), unit, null, runs);
  }

  /** A figure as a ratio to a baseline. */
  static Measurement of(String id, String unit, List<Double> runs, double baseline) {
    return new Measurement(id, median(runs), unit, baseline, runs);
  }

  @Nullable Double ratio() {
    return baseline == null ? null : value / baseline;
  }

  private static double median(List<Double> runs) {
    List<Double> sorted = runs.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
