package dev.tocsin.api;

import dev.tocsin.access.Caller;
import dev.tocsin.access.Kind;
import dev.tocsin.access.Permissions;
import dev.tocsin.access.Rights;
import dev.tocsin.stream.Sight;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the client of a stream may see while it lasts: found out anew each time, from his token to
 * his policies, as for a call. {@link Rights} remembers, so that this mostly costs microseconds.
 */
final class StreamRights {
  /** What reading events asks for. */
  static final Need NEED = Need.retrieve(Kind.EVENT);

  private final Gate gate;
  private final Rights rights;
  private final Caller caller;
  private final @Nullable String authorization;
  private volatile @Nullable ApiError lost;

  StreamRights(Gate gate, Rights rights, Caller caller, @Nullable String authorization) {
    this.gate = gate;
    this.rights = rights;
    this.caller = caller;
    this.authorization = authorization;
  }

  /** May wait, and fail. */
  Sight sight() {
    return switch (gate.check(authorization, caller.organization().toString())) {
      case Reading.Bad<Caller>(ApiError error) -> lost(error);
      case Reading.Good<Caller> stillGood ->
          switch (rights.of(caller).join()) {
            case Rights.Standing.Revoked() -> lost(ApiError.revoked());
            case Rights.Standing.Busy() -> new Sight.Unclear();
            case Rights.Standing.Known(Permissions permissions) -> sight(permissions);
          };
    };
  }

  private Sight sight(Permissions permissions) {
    ApiError refusal = NEED.refusal(permissions, null);
    return refusal == null ? new Sight.Sees(permissions.hiddenEvents()) : lost(refusal);
  }

  private Sight lost(ApiError reason) {
    lost = reason;
    return new Sight.Lost();
  }

  /** Why he may see none any more. */
  ApiError lost() {
    return Objects.requireNonNull(lost, "nothing was lost");
  }
}
