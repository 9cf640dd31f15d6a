package dev.tocsin.api;

import dev.tocsin.api.Reception.Reply;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.stream.End;
import dev.tocsin.stream.Sight;
import java.time.Duration;

/** What somebody sees of his organization's events while he follows them. */
public final class View {
  private final StreamRights rights;
  private final Interest interest;
  private final Duration retry;

  /**
   * A view.
   *
   * @param rights of whom it is, as they stand
   * @param retry what he is told to wait when the server stops
   */
  View(StreamRights rights, Interest interest, Duration retry) {
    this.rights = rights;
    this.interest = interest;
    this.retry = retry;
  }

  /** What he may see now. May wait, and fail. */
  public Sight sight() {
    return rights.sight();
  }

  /** Whether he asked for such events. */
  public boolean wants(StoredEvent event) {
    return interest.includes(event);
  }

  /** What he is told when it ends. */
  public Reply end(End why) {
    return Reply.of(
        switch (why) {
          case RIGHTS_LOST -> rights.lost();
          case STOPPING -> ApiError.stopping(retry);
        });
  }
}
