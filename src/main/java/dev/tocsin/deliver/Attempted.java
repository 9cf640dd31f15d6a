package dev.tocsin.deliver;

import dev.tocsin.event.Category;
import dev.tocsin.flow.LeasedRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that was made.
 *
 * @param duration from the start to the end of the answer, or to giving up on it
 * @param responseStatus null when no answer came
 * @param error why it failed, for the run's reader; null when it succeeded. Names no address
 * @param response the beginning of the answer's body; null when there was none
 */
public record Attempted(
    LeasedRun run,
    Instant started,
    Duration duration,
    @Nullable Integer responseStatus,
    @Nullable String error,
    @Nullable String response,
    Next next) {
  public Attempted {
    Objects.requireNonNull(run);
    Objects.requireNonNull(started);
    Objects.requireNonNull(duration);
    Objects.requireNonNull(next);
  }

  /**
   * What the customer is to be told of the answer, so that nobody has to wait for the run's end to
   * see a wrong secret. Nothing of a run that itself tells of a failed delivery, or there would be
   * no end of it.
   */
  public @Nullable Failure answered() {
    return switch (responseStatus) {
      case null -> null;
      case Integer status when run.message().cause().category() == Category.INTEGRATION -> null;
      case 401, 403 -> Failure.AUTHENTICATION;
      case 400, 422 -> Failure.VALIDATION;
      default -> null;
    };
  }

  /** What the customer is to be told of how the run ended. */
  public @Nullable Failure ended() {
    return switch (next) {
      case Next.Retry retry -> null;
      case Next.End(RunStatus status) ->
          switch (status) {
            case COMPLETE -> null;
            case DISABLED -> Failure.DISABLED;
            default -> run.lacksMapping() ? Failure.MISSINGACCOUNTMAPPING : Failure.PERFORM;
          };
    };
  }

  /** How the run goes on. */
  public sealed interface Next {
    /** The run has ended. */
    record End(RunStatus status) implements Next {
      public End {
        Objects.requireNonNull(status);
      }
    }

    /**
     * It will be tried again.
     *
     * @param status why it waits
     * @param after counted from when this is written down, by the store's clock
     */
    record Retry(RunStatus status, Duration after) implements Next {
      public Retry {
        Objects.requireNonNull(status);
        Objects.requireNonNull(after);
      }
    }
  }
}
