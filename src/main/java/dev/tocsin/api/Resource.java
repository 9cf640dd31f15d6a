package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.event.OrganizationId;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A kind of resource, described for {@link ResourceEndpoints}, which has the calls that all kinds
 * share.
 *
 * @param <T> the resource as it is shown
 * @param <D> the draft of one, as its author sends it
 */
interface Resource<T, D> {
  /** What statements call it, who say who may do what with it. */
  Kind kind();

  /** Where its calls are, below the organization's path. */
  String path();

  /** Most items on one page. */
  int pageSizeMax();

  UUID idOf(T resource);

  /** Whether somebody may know of one, beside what he may do with its kind: else there is none. */
  default boolean isVisible(Viewer viewer, T resource) {
    return true;
  }

  /** Appends the resource as one JSON object. */
  void append(JsonText out, T resource);

  /**
   * Appends the resource as its author is shown it who just saved it: with what else is to be said
   * of it.
   */
  default void appendSaved(Call call, JsonText out, T resource) {
    append(out, resource);
  }

  /** Reads the filters of a list; what is wrong with them, the query keeps. */
  Listing<T> listing(Query query);

  /**
   * Reads a draft.
   *
   * @param author whose it is
   * @param replaced the resource that it is to replace; null when it is for a new one
   */
  Reading<D> read(Viewer author, JsonProperties properties, @Nullable UUID replaced);

  Optional<T> find(OrganizationId organization, UUID id);

  Written<T> create(Author author, UUID id, D draft);

  Written<T> update(Author author, UUID id, long version, D draft);

  Written<T> delete(Author author, UUID id);

  /** What else can be done to one. */
  default List<Action<T>> actions() {
    return List.of();
  }

  /** A list whose filters are read. */
  @FunctionalInterface
  interface Listing<T> {
    Page<T> page(OrganizationId organization, PageRequest page);
  }

  /**
   * Something to be done to one resource.
   *
   * @param name the last part of its path
   */
  record Action<T>(HttpMethod method, String name, ActionReader<T> reader) {}

  /** Reads the parameters of an action; what is wrong with them, the query keeps. */
  @FunctionalInterface
  interface ActionReader<T> {
    Change<T> read(Query query);
  }

  /** A change whose parameters are read. */
  @FunctionalInterface
  interface Change<T> {
    Written<T> to(UUID id, Author author);
  }
}
