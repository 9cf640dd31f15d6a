package dev.tocsin.app;

import dev.tocsin.config.Applied;
import dev.tocsin.config.Applied.Refused;
import dev.tocsin.config.DeclaredOrganization;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what files declare, logs what came of it, and tells the health of what the operator has
 * to do, until it is done. What stands in the way of the files does not keep the server from its
 * work: it goes on with what they said before.
 */
final class Declarations {
  private static final Logger log = LoggerFactory.getLogger(Declarations.class);

  private final Function<List<DeclaredOrganization>, Applied> store;
  private volatile List<String> degraded = List.of();

  /**
   * Nothing applied yet.
   *
   * @param store makes the database say what is declared
   */
  Declarations(Function<List<DeclaredOrganization>, Applied> store) {
    this.store = store;
  }

  /** Applies all that the files declare; to be called only where nothing is wrong with any. */
  Applied apply(List<DeclaredOrganization> organizations) {
    Applied applied = store.apply(organizations);
    applied.changes().forEach(Declarations::tell);
    applied.conflicts().forEach(one -> log.error("organization not declared: {}", one.problem()));
    applied.erased().forEach(one -> log.error("organization not declared: {}", one.problem()));
    long conflicting = applied.conflicts().stream().map(Refused::organization).distinct().count();
    degraded =
        conflicting == 0
            ? List.of()
            : List.of(
                "the files of "
                    + conflicting
                    + " organizations are not applied, since they are in conflict with what is in"
                    + " the database: the log says how");
    return applied;
  }

  private static void tell(Applied.Change change) {
    log.info(
        "declared organization={} ruleSetVersion={} changes=\"{}\"",
        change.organization(),
        change.ruleSetVersion(),
        change.items().stream().map(Object::toString).collect(Collectors.joining(", ")));
  }

  /** What the operator has to do about what was applied last; mostly empty. */
  List<String> degraded() {
    return degraded;
  }
}
