package dev.tocsin.webhook;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came of one request to a webhook. The status decides as soon as it is there; the body that
 * follows is only kept as evidence, so an answer that is cut off in its body, by its sender or by
 * us, counts like a whole one.
 */
public sealed interface Answer {
  /**
   * The receiver took the notification: a status of 2xx.
   *
   * @param body the beginning of what it said; empty when it said nothing
   */
  record Accepted(int status, String body) implements Answer {
    public Accepted {
      Objects.requireNonNull(body);
    }
  }

  /**
   * The receiver answered with any other status, a redirect included.
   *
   * @param retryAfter how long it asks to wait (RFC 9110, section 10.2.3); null when it does not,
   *     or with a status other than 429 and 503
   */
  record Refused(int status, String body, @Nullable Duration retryAfter) implements Answer {
    public Refused {
      Objects.requireNonNull(body);
    }
  }

  /**
   * No answer came, and none will.
   *
   * @param reason for the customer to read: names no address, and tells nothing of the network that
   *     the server stands in
   */
  record Unreachable(String reason) implements Answer {
    public Unreachable {
      Objects.requireNonNull(reason);
    }
  }

  /**
   * Nothing was sent, and would not be another time.
   *
   * @param reason for the customer to read
   */
  record Unsent(String reason) implements Answer {
    public Unsent {
      Objects.requireNonNull(reason);
    }
  }

  /** No status came before the attempt's time was up. */
  record TimedOut() implements Answer {}
}
