package dev.tocsin.store;

import dev.tocsin.api.Written;
import io.vertx.pgclient.PgException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Sees to it that what is saved names no entity that is being deleted at the same moment:
 * statements that save it call {@code custom_entities_hold}.
 */
final class EntityHold {
  private static final String GONE = "TC002";

  private EntityHold() {}

  /** Names as the statements take them. */
  static String[] names(Set<String> entities) {
    return entities.toArray(String[]::new);
  }

  /** Makes a change, or tells which entity that it names is gone. */
  static <T> Optional<Written<T>> goneOr(Supplier<Optional<Written<T>>> change) {
    try {
      return change.get();
    } catch (PgException e) {
      if (GONE.equals(e.getSqlState())) {
        return Optional.of(new Written.EntityGone<>(Objects.requireNonNull(e.getDetail())));
      }
      throw e;
    }
  }
}
