package dev.tocsin.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Where the secrets come from that files refer to; remembers the files that were asked for. */
final class SecretSources {
  private final Map<String, String> environment;
  private final Set<Path> files = new LinkedHashSet<>();

  /** Variables, and whatever files are referred to. */
  SecretSources(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The value of a variable; empty when it is not set. */
  String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  /** Takes note of a file that a secret is read from. */
  void note(Path file) {
    files.add(file);
  }

  /** The files that were referred to, whether they are there or not. */
  Set<Path> files() {
    return Collections.unmodifiableSet(files);
  }
}
