package dev.tocsin.rule;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A condition that would have to come out otherwise for a calculation to be true.
 *
 * @param condition what it came to. It is looked at by itself, so that it is never {@linkplain
 *     Finding.Skipped skipped}
 * @param wanted what it would have to be; false below a NOT
 * @param gap how far a comparison of numbers is from it; null for any other condition, and for
 *     numbers too long to be subtracted
 */
public record Miss(Trace condition, boolean wanted, @Nullable Gap gap) {
  public Miss {
    Objects.requireNonNull(condition);
  }

  /**
   * How far a number is from where it would have to be.
   *
   * @param actual what the left side came to; the right side if only that one reads fields
   * @param relation what the number would have to be to {@code needed}: one of {@code == < <= > >=}
   * @param needed what the other side came to
   * @param difference what would have to be added to {@code actual} to reach {@code needed}, and a
   *     little more if the relation is {@code <} or {@code >}
   */
  public record Gap(Number actual, String relation, Number needed, Number difference) {
    public Gap {
      Objects.requireNonNull(actual);
      Objects.requireNonNull(relation);
      Objects.requireNonNull(needed);
      Objects.requireNonNull(difference);
    }
  }
}
