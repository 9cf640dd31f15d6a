package dev.tocsin.store;

import dev.tocsin.api.Written;
import dev.tocsin.catalog.CustomEntity;
import io.vertx.pgclient.PgException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Sees to it that what is saved names no entity that is being deleted or changed at the same
 * moment: statements that save it call {@code custom_entities_hold}.
 */
final class EntityHold {
  private static final String GONE = "TC002";
  private static final String CHANGED = "TC003";

  private EntityHold() {}

  /** Entities as the statements take them; no part of one has a space or a comma. */
  static String[] asRead(Set<CustomEntity> entities) {
    return entities.stream()
        .map(one -> one.name() + ' ' + one.family() + ' ' + String.join(",", one.dateFields()))
        .toArray(String[]::new);
  }

  /** Makes a change, or tells which entity that it names is gone or another. */
  static <T> Optional<Written<T>> refusedOr(Supplier<Optional<Written<T>>> change) {
    try {
      return change.get();
    } catch (PgException e) {
      if (GONE.equals(e.getSqlState())) {
        return Optional.of(new Written.EntityGone<>(Objects.requireNonNull(e.getDetail())));
      }
      if (CHANGED.equals(e.getSqlState())) {
        return Optional.of(new Written.EntityChanged<>(Objects.requireNonNull(e.getDetail())));
      }
      throw e;
    }
  }
}
