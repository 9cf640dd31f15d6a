package dev.tocsin.rule;

import java.util.List;
import java.util.Objects;

/** What became of a calculation's text. */
public sealed interface Parsed {
  /** The text is a calculation. */
  record Valid(ParsedCalculation calculation) implements Parsed {
    public Valid {
      Objects.requireNonNull(calculation);
    }
  }

  /**
   * The text is refused.
   *
   * @param problems why, at least one; reading stops at the first, since what follows a mistake can
   *     only be guessed at
   */
  record Invalid(List<Problem> problems) implements Parsed {
    public Invalid {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("a refusal needs a problem");
      }
    }
  }
}
