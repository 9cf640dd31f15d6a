package dev.tocsin.config;

import dev.tocsin.config.OrganizationFiles.Limits;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the organizations' files are others, by content. A change counts once two looks in
 * a row found the same: who is half-way through writing a file has not said that the rest goes. For
 * one thread at a time.
 */
public final class OrganizationWatch {
  private final Path directory;
  private final Map<String, String> environment;
  private final Limits limits;
  private final FileLooks looks;
  private Map<Path, String> seen = Map.of();
  private @Nullable Map<Path, String> taken;
  private Set<Path> secrets = Set.of();

  /**
   * A watch that nothing is known to yet: what the files say is answered when it has looked twice.
   *
   * @param environment the variables, which hold secrets
   * @param clock the machine's own, by which files have their times
   */
  public OrganizationWatch(
      Path directory, Map<String, String> environment, Limits limits, InstantSource clock) {
    this.directory = directory;
    this.environment = Map.copyOf(environment);
    this.limits = limits;
    this.looks = new FileLooks(clock);
  }

  /**
   * Looks at the files, and at those that their secrets come from.
   *
   * @return what they say, problems included, if they are others than when that was answered last,
   *     and are not just being written
   */
  public Optional<DeclaredFiles> look() {
    Map<Path, String> now = contents();
    boolean isSteady = now.equals(seen);
    seen = now;
    if (!isSteady || now.equals(taken)) {
      return Optional.empty();
    }
    DeclaredFiles files = OrganizationFiles.read(directory, environment, limits);
    Map<Path, String> read = new HashMap<>(now);
    read.keySet().removeIf(file -> secrets.contains(file) && !files.secrets().contains(file));
    secrets = files.secrets();
    // What changed while it was read, or is a secret that was not looked at yet, counts next time.
    seen = contents();
    if (!seen.equals(read)) {
      return Optional.empty();
    }
    taken = seen;
    return Optional.of(files);
  }

  private Map<Path, String> contents() {
    try {
      Set<Path> files = new HashSet<>(OrganizationFiles.files(directory));
      files.addAll(secrets);
      return looks.at(files);
    } catch (UncheckedIOException e) {
      return Map.of(directory, "cannot be listed");
    }
  }
}
