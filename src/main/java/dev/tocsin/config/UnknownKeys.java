package dev.tocsin.config;

import dev.tocsin.spelling.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Refuses keys and variables that there are not, and says which were probably meant.
 *
 * @param sections what the file says in each section that there is
 * @param keys all that there are, by their full names
 * @param retired those that there were once
 * @param problems where to note what is wrong
 */
record UnknownKeys(
    YamlMap file,
    Map<String, YamlMap> sections,
    Set<String> keys,
    RetiredKeys retired,
    List<Problem> problems) {
  /** Variables that are ours and no setting: the scripts read them, or they say where we are. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of(
          "TOCSIN_CONF",
          "TOCSIN_JAVA_HOME",
          "TOCSIN_JAVA_OPTIONS",
          "TOCSIN_ACCESS_KEY",
          "TOCSIN_ACCESS_SECRET");

  /** Refuses those of the file. */
  void refuse() {
    for (String key : file.keys()) {
      YamlMap section = section(key);
      if (section != null) {
        section.keys().forEach(name -> refuse(section, name, key + "." + name));
      } else if (keys.contains(key) && key.contains(".")) {
        file.problem(
            key, "write it as a key of its section: " + key.replace(".", ": { ") + ": … }");
      } else {
        refuse(file, key, key);
      }
    }
  }

  /** What the file says in a section that there is, or was; null where there never was one. */
  private @Nullable YamlMap section(String key) {
    YamlMap section = sections.get(key);
    return section == null && retired.hasSection(key) ? file.map(key) : section;
  }

  private void refuse(YamlMap section, String key, String full) {
    if (!keys.contains(full)) {
      Set<String> known = new TreeSet<>(keys);
      known.addAll(sections.keySet());
      String successor = retired.told(full);
      problems.add(
          new Problem(
              section.place(key),
              successor == null
                  ? full + ": there is no such key" + Nearest.suggestionInTree(full, known)
                  : successor));
    }
  }

  /** Refuses those of the environment. */
  void refuseVariables(Map<String, String> environment) {
    Set<String> known = new TreeSet<>(OTHER_VARIABLES);
    keys.forEach(key -> known.add(Section.variable(key)));
    environment.keySet().stream()
        .filter(variable -> variable.startsWith("TOCSIN_") && !known.contains(variable))
        .sorted()
        .map(variable -> new Problem(variable, fault(variable, known)))
        .forEach(problems::add);
  }

  private String fault(String variable, Set<String> known) {
    String successor = retired.toldOfVariable(variable);
    return successor == null
        ? "there is no such variable" + Nearest.suggestion(variable, known)
        : successor;
  }
}
