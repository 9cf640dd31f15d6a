package dev.tocsin.access;

import java.util.List;
import java.util.Objects;

/**
 * A statement of a permission policy, spelled as its author spelled it: he gets back what he sent.
 * {@link Vocabulary} says what may stand in it.
 */
public record Statement(String effect, List<String> actions, List<String> resources) {
  public Statement {
    Objects.requireNonNull(effect);
    actions = List.copyOf(actions);
    resources = List.copyOf(resources);
  }
}
