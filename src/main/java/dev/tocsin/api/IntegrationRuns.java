package dev.tocsin.api;

import dev.tocsin.event.EventId;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.WebhookId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where integration runs are read, and where one is asked for again. To whom the event that caused
 * a run is hidden, or anything else that the run names, there is no such run.
 */
public interface IntegrationRuns {
  /**
   * Which runs to list; null where it does not matter, and all that is given must hold.
   *
   * @param event the event that caused them, or the one of their notification
   * @param created when they were made
   */
  record Filter(
      @Nullable IntegrationRunStatus status,
      @Nullable WebhookId webhook,
      @Nullable RuleId rule,
      @Nullable EventId event,
      Events.Period created) {
    public Filter {
      Objects.requireNonNull(created);
    }
  }

  /**
   * A page, newest first. Every run that was there before the first page was read appears exactly
   * once over its pages, unless what the filter asks for changes meanwhile.
   */
  Page<IntegrationRun> list(Viewer viewer, Filter filter, PageRequest page);

  /** The runs of one rule, likewise, but the oldest first. */
  Page<IntegrationRun> listOldestFirst(Viewer viewer, RuleId rule, Filter filter, PageRequest page);

  /** The one with this id, with every attempt that was made. */
  Optional<Told> find(Viewer viewer, RunId id);

  /** A run with its attempts, in their order. */
  record Told(IntegrationRun run, List<IntegrationRun.Attempt> attempts) {
    public Told {
      Objects.requireNonNull(run);
      attempts = List.copyOf(attempts);
    }
  }

  /**
   * Makes a new run that delivers what another delivered, or finds the one that was made before:
   * with a key the one that was made of the same run with that key, without one a replay of the
   * same run that has not ended.
   *
   * @param id what a new run is called
   * @param key how the caller recognises the replay; null when it does not
   */
  Replay replay(Viewer viewer, RunId parent, RunId id, @Nullable String key);

  /** What came of asking for a replay. */
  sealed interface Replay {
    /** There is one, made now or before. */
    record Made(IntegrationRun run) implements Replay {
      public Made {
        Objects.requireNonNull(run);
      }
    }

    /** The run to be replayed is still waiting or under way. */
    record TooEarly(IntegrationRunStatus status) implements Replay {
      public TooEarly {
        Objects.requireNonNull(status);
      }
    }

    /**
     * It would not be sent, so none is made.
     *
     * @param reason says what is switched off, or gone
     */
    record Off(String reason) implements Replay {
      public Off {
        Objects.requireNonNull(reason);
      }
    }

    /** There is no such run. */
    record Missing() implements Replay {}
  }
}
