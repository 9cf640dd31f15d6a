package dev.tocsin.deliver;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The bounds and the pace of delivery.
 *
 * @param timeout how long the sender takes for an attempt at most
 * @param perWebhookConcurrency most attempts in flight to one webhook
 * @param perWebhookQueueMax most runs of one webhook that this node holds, waiting or in flight
 * @param perOrganizationConcurrency most attempts of one organization in flight in one instance:
 *     its share of the node's bound
 * @param perOrganizationQueueMax most runs of one organization that this node holds
 * @param inFlightMax most attempts in flight in one instance: its share of the node's bound
 * @param queueMax most runs that this node holds of all organizations
 * @param retryDelays how long to wait after the first failed attempt, the second, and so on; a run
 *     has one attempt more than there are delays
 * @param jitter by which part of itself a delay is changed at random, either way
 * @param retryAfterMax longest wait that a receiver may ask for
 * @param sweepBatch most runs that a sweep claims at once
 * @param outcomeBatchMax most outcomes that are written down at once
 */
public record DeliverSettings(
    Duration timeout,
    int perWebhookConcurrency,
    int perWebhookQueueMax,
    int perOrganizationConcurrency,
    int perOrganizationQueueMax,
    int inFlightMax,
    int queueMax,
    List<Duration> retryDelays,
    double jitter,
    Duration retryAfterMax,
    int sweepBatch,
    int outcomeBatchMax) {
  public DeliverSettings {
    Objects.requireNonNull(timeout);
    Objects.requireNonNull(retryAfterMax);
    retryDelays = List.copyOf(retryDelays);
    if (perWebhookConcurrency < 1
        || perWebhookQueueMax < 1
        || perOrganizationConcurrency < 1
        || perOrganizationQueueMax < 1
        || inFlightMax < 1
        || queueMax < 1
        || sweepBatch < 1
        || outcomeBatchMax < 1) {
      throw new IllegalArgumentException("limits of deliver must be positive");
    }
    if (jitter < 0 || jitter >= 1) {
      throw new IllegalArgumentException("jitter " + jitter + " is no part of a delay");
    }
  }
}
