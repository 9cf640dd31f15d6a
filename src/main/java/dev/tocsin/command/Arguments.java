package dev.tocsin.command;

import dev.tocsin.spelling.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The arguments of a command.
 *
 * @param others those that are no options, in their order
 * @param values of options that have one, by their names
 * @param flags options that have none
 */
record Arguments(List<String> others, Map<String, String> values, List<String> flags) {
  Arguments {
    others = List.copyOf(others);
    values = Map.copyOf(values);
    flags = List.copyOf(flags);
  }

  /**
   * Tells apart what was given: {@code --name value}, {@code --name=value}, {@code --flag}, and the
   * rest.
   *
   * @throws Misuse when an option is none of these, or lacks its value
   */
  static Arguments of(List<String> given, Set<String> valued, Set<String> flagged) {
    List<String> others = new ArrayList<>();
    Map<String, String> values = new HashMap<>();
    List<String> flags = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      String one = given.get(i);
      String name = one.split("=", 2)[0];
      if (!one.startsWith("--")) {
        others.add(one);
      } else if (flagged.contains(one)) {
        flags.add(one);
      } else if (!valued.contains(name)) {
        List<String> known = new ArrayList<>(valued);
        known.addAll(flagged);
        throw new Misuse("there is no option " + name + Nearest.suggestion(name, known));
      } else if (one.contains("=")) {
        values.put(name, one.substring(name.length() + 1));
      } else if (i + 1 < given.size()) {
        values.put(name, given.get(++i));
      } else {
        throw new Misuse(name + " needs a value");
      }
    }
    return new Arguments(others, values, flags);
  }

  boolean has(String flag) {
    return flags.contains(flag);
  }
}
