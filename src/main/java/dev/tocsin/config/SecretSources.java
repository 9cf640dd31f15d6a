package dev.tocsin.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where the secrets come from that files refer to; remembers what was asked for. */
public final class SecretSources {
  /** What stands for a secret that is not here; it has the form of every one. */
  static final String STANDING_IN = "not-here";

  private final Map<String, String> environment;
  private final boolean isLenient;
  private final List<Path> kept = new ArrayList<>();
  private final Set<Path> files = new LinkedHashSet<>();
  private final List<Problem> notes = new ArrayList<>();

  private SecretSources(Map<String, String> environment, boolean isLenient) {
    this.environment = environment;
    this.isLenient = isLenient;
  }

  /** Variables and files that must all be there, as for a server. */
  public static SecretSources all(Map<String, String> environment) {
    return new SecretSources(environment, false);
  }

  /**
   * Variables and files of which some are elsewhere, as where a change is reviewed: those are
   * noted, and nothing is wrong with them.
   */
  public static SecretSources whereThere(Map<String, String> environment) {
    return new SecretSources(environment, true);
  }

  /** Has no secret be read from these files and directories. */
  void keep(List<Path> files) {
    kept.addAll(files);
  }

  /**
   * Whether a file is one that no secret is read from, wherever a link to it is.
   *
   * @throws NoSuchFileException when it is not there
   */
  boolean keeps(Path file) throws IOException {
    Path real = file.toRealPath();
    for (Path one : kept) {
      if (Files.exists(one) && real.startsWith(one.toRealPath())) {
        return true;
      }
    }
    return false;
  }

  /** The value of a variable; empty when it is not set. */
  String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  /** Takes note of a file that a secret is read from. */
  void note(Path file) {
    files.add(file);
  }

  /** What to go on with where a secret is not here, which is a problem or a note. */
  String missing(YamlMap map, String key, String message) {
    if (isLenient) {
      notes.add(map.flaw(key, message));
      return STANDING_IN;
    }
    map.problem(key, message);
    return "";
  }

  /** The files that were referred to, whether they are there or not. */
  Set<Path> files() {
    return Collections.unmodifiableSet(files);
  }

  /** What was not here, without being a problem. */
  public List<Problem> notes() {
    return Problem.inOrder(notes);
  }
}
