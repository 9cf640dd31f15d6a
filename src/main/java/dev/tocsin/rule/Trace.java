package dev.tocsin.rule;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a part of a calculation came to, and what its own parts did.
 *
 * @param text as its author wrote it; of a long one the first 100 characters, the last of them
 *     {@code …}
 * @param decided whether it alone settled the part that it belongs to: the operand of an AND that
 *     is false, that of an OR that is true, the chosen branch, the value found in a list, and
 *     whatever made the evaluation fail. When every operand of an AND is true, none is.
 * @param parts in the order of the text; none of a part that was skipped. Those of {@code
 *     changed(new.f)} are {@code old.f} and {@code new.f}, both where the field is named
 * @param difference of a {@code changed} that is true, where two objects or two arrays begin to
 *     differ; null for anything else
 */
public record Trace(
    Place place,
    String text,
    Finding finding,
    boolean decided,
    List<Trace> parts,
    @Nullable Difference difference) {
  public Trace {
    Objects.requireNonNull(place);
    Objects.requireNonNull(text);
    Objects.requireNonNull(finding);
    parts = List.copyOf(parts);
  }

  /** The same part as the one that settles its whole. */
  Trace deciding() {
    return new Trace(place, text, finding, true, parts, difference);
  }

  /** The same part with what was found to differ. */
  Trace differing(@Nullable Difference found) {
    return new Trace(place, text, finding, decided, parts, found);
  }
}
