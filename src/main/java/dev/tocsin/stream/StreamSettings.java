package dev.tocsin.stream;

import java.time.Duration;

/**
 * The limits of following events.
 *
 * @param streamsMax most subscriptions on this node
 * @param perOrganizationMax most of one organization
 * @param readEventsMax most events of one read
 * @param catchUpsMax most reads at once for those who are behind
 * @param pollEvery how often to look for events of which no message came
 */
public record StreamSettings(
    int streamsMax,
    int perOrganizationMax,
    int readEventsMax,
    int catchUpsMax,
    Duration pollEvery) {
  public StreamSettings {
    if (streamsMax < 1
        || perOrganizationMax < 1
        || readEventsMax < 1
        || catchUpsMax < 1
        || !pollEvery.isPositive()) {
      throw new IllegalArgumentException("each limit of streams must have room for one");
    }
  }
}
