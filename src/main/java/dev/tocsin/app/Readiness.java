package dev.tocsin.app;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the server can do its work at the moment; what {@code /health/ready} tells. */
final class Readiness {
  private static final Logger log = LoggerFactory.getLogger(Readiness.class);

  private volatile boolean started;
  private volatile boolean stopping;
  private volatile boolean databaseAnswers = true;
  private final List<Supplier<List<String>>> warnings = new CopyOnWriteArrayList<>();

  void started() {
    started = true;
  }

  void stopping() {
    stopping = true;
  }

  /** Takes note of whether the database answered when it was last asked. */
  void databaseAnswers(boolean answers) {
    if (answers != databaseAnswers) {
      if (answers) {
        log.info("database answers again");
      } else {
        log.warn("database does not answer");
      }
    }
    databaseAnswers = answers;
  }

  /** Takes note of where to ask for what an operator has to know though the server works. */
  void warnedBy(Supplier<List<String>> source) {
    warnings.add(source);
  }

  /** What will keep the server from its work in a while, each named; mostly empty. */
  List<String> degraded() {
    return warnings.stream().flatMap(source -> source.get().stream()).toList();
  }

  /** What the server lacks to do its work, each named; empty when it is ready. */
  List<String> missing() {
    if (stopping) {
      return List.of("the server stops");
    }
    if (!started) {
      return List.of("the server starts");
    }
    return databaseAnswers ? List.of() : List.of("the database does not answer");
  }
}
