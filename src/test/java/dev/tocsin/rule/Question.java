package dev.tocsin.rule;

import dev.tocsin.event.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * A random calculation and random changes that it is asked of, the same ones for the same seed.
 *
 * @param huge a change with values that ordinary Groovy would compute with until it is stopped
 * @param changes others
 */
record Question(long seed, Calculation calculation, Change huge, List<Change> changes) {
  private static final int CHANGES = 4;
  private static final int DEPTH = 3;

  Question {
    changes = List.copyOf(changes);
  }

  /** That of a seed; nothing if its text is refused. */
  static Optional<Question> of(long seed) {
    // Neighbouring seeds of a Random begin alike.
    Random random = Random.from(new SplittableRandom(seed));
    String text = new RandomExpressions(random).condition(DEPTH);
    return switch (Calculations.parse(text, CalculationLimits.DEFAULTS)) {
      case Parsed.Invalid _ -> Optional.empty();
      case Parsed.Valid(Calculation calculation) -> {
        Change huge = new RandomChanges(random, true).change();
        RandomChanges bounded = new RandomChanges(random, false);
        List<Change> changes = new ArrayList<>();
        while (changes.size() < CHANGES) {
          changes.add(bounded.change());
        }
        yield Optional.of(new Question(seed, calculation, huge, changes));
      }
    };
  }

  Node tree() {
    return Objects.requireNonNull(Calculations.tree(calculation));
  }
}
