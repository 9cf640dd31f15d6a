package dev.tocsin.rule;

import java.util.Objects;

/**
 * A calculation as the text of a Groovy class that implements {@link Condition}.
 *
 * @param name the class's
 * @param text made of our own words only: no name, text or number of the calculation's author is in
 *     it, whatever the calculation says
 * @param constants what the class reads at its start, the author's part of the calculation
 */
record GroovySource(String name, String text, Constants constants) {
  GroovySource {
    Objects.requireNonNull(name);
    Objects.requireNonNull(text);
    Objects.requireNonNull(constants);
  }
}
