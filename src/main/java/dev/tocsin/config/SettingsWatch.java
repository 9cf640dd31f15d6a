package dev.tocsin.config;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks whether the file of the settings is another than when the server was started, which reads
 * it then only. For one thread at a time.
 */
public final class SettingsWatch {
  private final Path file;
  private final FileLooks looks;
  private Map<Path, String> seen;
  private Map<Path, String> told;

  /**
   * A watch that tells what is changed from now on.
   *
   * @param clock the machine's own, by which files have their times
   */
  public SettingsWatch(Path file, InstantSource clock) {
    this.file = file;
    this.looks = new FileLooks(clock);
    this.seen = looks.at(List.of(file));
    this.told = seen;
  }

  /** The file, if it is another than before, once two looks in a row found the same. */
  public Optional<Path> look() {
    Map<Path, String> now = looks.at(List.of(file));
    boolean isSteady = now.equals(seen);
    seen = now;
    if (!isSteady || now.equals(told)) {
      return Optional.empty();
    }
    told = now;
    return Optional.of(file);
  }
}
