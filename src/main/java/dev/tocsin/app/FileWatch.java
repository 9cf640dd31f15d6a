package dev.tocsin.app;

import dev.tocsin.config.SettingsWatch;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the operator's files while the server runs, which goes on whatever is wrong with them.
 */
final class FileWatch {
  private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

  /** Between tries while the database does not answer, each of which is a line in the log. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final Declarations declarations;
  private final SettingsWatch settings;

  FileWatch(Declarations declarations, SettingsWatch settings) {
    this.declarations = declarations;
    this.settings = settings;
  }

  /** Looks every so often. */
  SweepVerticle verticle(Duration every) {
    return new SweepVerticle(
        "files",
        () -> {
          settings.look().ifPresent(FileWatch::tell);
          declarations.runOnce();
          return every;
        },
        AFTER_FAILURE);
  }

  private static void tell(Path settings) {
    log.warn("the settings were changed, which is read at the next start file={}", settings);
  }
}
