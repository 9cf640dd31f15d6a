package dev.tocsin.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys of the settings that there were once: a file that is older than the server is told what is
 * to stand there now, rather than that nobody knows what it says.
 *
 * @param successors the key that took the place of each
 */
record RetiredKeys(Map<String, String> successors) {
  /** Those of all releases: none yet. Whoever renames a key writes its old name down here. */
  static final RetiredKeys ALL = new RetiredKeys(Map.of());

  RetiredKeys {
    successors = Map.copyOf(successors);
  }

  /** What is said of a key; null when there never was one of the name. */
  @Nullable String told(String key) {
    String successor = successors.get(key);
    return successor == null ? null : key + " is now " + successor;
  }

  /** What is said of a variable; null when there never was one of the name. */
  @Nullable String toldOfVariable(String variable) {
    return successors.entrySet().stream()
        .filter(entry -> Section.variable(entry.getKey()).equals(variable))
        .map(entry -> variable + " is now " + Section.variable(entry.getValue()))
        .findFirst()
        .orElse(null);
  }

  /** Whether a section is gone of which some keys are known. */
  boolean hasSection(String name) {
    return successors.keySet().stream().anyMatch(key -> key.startsWith(name + "."));
  }
}
