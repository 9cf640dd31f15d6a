package dev.tocsin.bridge;

import java.time.Duration;

/**
 * The limits of clients on the bus.
 *
 * @param connectionsMax most connections to this node that showed a good token, over TCP and
 *     WebSockets together
 * @param withoutTokenMax most that have not yet
 * @param perOrganizationMax most of one organization
 * @param messageBytesMax most bytes of one message of a client
 * @param requestsMax most requests of one connection that are not answered yet
 * @param tokenWithin how long a connection may last without a token that is good
 * @param bufferBytesMax most bytes that wait for one subscriber; an event that is larger waits
 *     alone
 * @param windowMax most messages that a subscriber in the cluster has not acknowledged
 * @param acknowledgeWithin how long he may take to
 * @param keepAliveEvery how often a silent subscription says that it is there
 * @param drainWithin how long a stopping server waits for the requests it has
 */
public record BridgeSettings(
    int connectionsMax,
    int withoutTokenMax,
    int perOrganizationMax,
    int messageBytesMax,
    int requestsMax,
    Duration tokenWithin,
    int bufferBytesMax,
    int windowMax,
    Duration acknowledgeWithin,
    Duration keepAliveEvery,
    Duration drainWithin) {
  public BridgeSettings {
    if (connectionsMax < 1
        || withoutTokenMax < 1
        || perOrganizationMax < 1
        || messageBytesMax < 1
        || requestsMax < 1
        || bufferBytesMax < 1
        || windowMax < 1
        || !tokenWithin.isPositive()
        || !acknowledgeWithin.isPositive()
        || !keepAliveEvery.isPositive()
        || drainWithin.isNegative()) {
      throw new IllegalArgumentException("each limit of the bus must have room for one");
    }
  }
}
