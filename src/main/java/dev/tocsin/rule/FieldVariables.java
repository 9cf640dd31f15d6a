package dev.tocsin.rule;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a printed calculation for the fields that it reads more than once.
 *
 * <p>A field is read where it is first asked for and not before, since what stands before may
 * decide. So the printer, which prints in the order of evaluation, {@linkplain #read() notes} what
 * has been read when it comes to a part that may be left out, and {@linkplain #back goes back} to
 * that behind it.
 */
final class FieldVariables {
  private final Map<FieldPath, String> names = new HashMap<>();
  private final Set<FieldPath> read = new HashSet<>();

  /** The variables of a tree's fields, of which none has been read yet. */
  FieldVariables(Node root, Supplier<String> newVariable) {
    Set<FieldPath> seen = new HashSet<>();
    note(root, seen, newVariable);
  }

  private void note(Node node, Set<FieldPath> seen, Supplier<String> newVariable) {
    if (node instanceof Node.Field field && !seen.add(field.path())) {
      names.computeIfAbsent(field.path(), path -> newVariable.get());
    }
    node.parts().forEach(part -> note(part, seen, newVariable));
  }

  /** An expression for a field, given the one that reads it. */
  String of(FieldPath path, String reading) {
    @Nullable String name = names.get(path);
    if (name == null) {
      return reading;
    }
    return read.add(path) ? "(%s = %s)".formatted(name, reading) : name;
  }

  /** The fields that have been read for certain. */
  Set<FieldPath> read() {
    return Set.copyOf(read);
  }

  /** Counts only those as read that also were at another point. */
  void back(Set<FieldPath> certain) {
    read.retainAll(certain);
  }
}
