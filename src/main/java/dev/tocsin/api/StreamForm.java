package dev.tocsin.api;

import java.time.Duration;

/**
 * How events are streamed over HTTP.
 *
 * @param bufferBytesMax most bytes that wait for one client to take them; an event that is larger
 *     waits alone
 * @param keepAliveEvery how often a silent stream says that it is there, and how long a client may
 *     take nothing of what waits for it
 * @param retry what a client is told to wait before it comes back
 */
public record StreamForm(int bufferBytesMax, Duration keepAliveEvery, Duration retry) {
  public StreamForm {
    if (bufferBytesMax < 1 || !keepAliveEvery.isPositive() || retry.isNegative()) {
      throw new IllegalArgumentException("a stream needs room, and to be kept alive");
    }
  }
}
