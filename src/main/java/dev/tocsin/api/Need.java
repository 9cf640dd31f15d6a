package dev.tocsin.api;

import dev.tocsin.access.Action;
import dev.tocsin.access.Kind;
import dev.tocsin.access.Permissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The right that a route asks for before it does anything. Where its path has an {@code :id}, the
 * right is asked for the resource with that id.
 */
record Need(Action action, Kind kind) {
  Need {
    Objects.requireNonNull(action);
    Objects.requireNonNull(kind);
  }

  static Need create(Kind kind) {
    return new Need(Action.CONFIG_CREATE, kind);
  }

  static Need retrieve(Kind kind) {
    return new Need(Action.CONFIG_RETRIEVE, kind);
  }

  static Need update(Kind kind) {
    return new Need(Action.CONFIG_UPDATE, kind);
  }

  static Need delete(Kind kind) {
    return new Need(Action.CONFIG_DELETE, kind);
  }

  /**
   * What somebody is told who lacks the right; null when he has it. Changes and deletions answer
   * what they are done to, so they ask for the right to see it, too; those of events, for each
   * event.
   *
   * @param id what stands in the path for the resource's; null when the path has none
   */
  @Nullable ApiError refusal(Permissions permissions, @Nullable String id) {
    ApiError refusal = ownRefusal(permissions, id);
    boolean shows = action == Action.CONFIG_UPDATE || action == Action.CONFIG_DELETE;
    return refusal == null && shows && kind != Kind.EVENT
        ? retrieve(kind).ownRefusal(permissions, id)
        : refusal;
  }

  private @Nullable ApiError ownRefusal(Permissions permissions, @Nullable String id) {
    boolean permitted =
        id == null ? permissions.permit(action, kind) : permissions.permit(action, kind, id);
    return permitted
        ? null
        : ApiError.forbidden(
            "not_permitted",
            "the policies of the service user do not permit "
                + action.text()
                + " on config:"
                + kind.text()
                + (id == null ? "/*" : "/item/" + id));
  }
}
