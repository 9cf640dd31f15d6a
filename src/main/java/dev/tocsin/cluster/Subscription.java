package dev.tocsin.cluster;

import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Supplier;

/**
 * A subscription to an address of the cluster, which can be made again: Hazelcast may lose one, and
 * Vert.x restores them when a member leaves and never else.
 *
 * <p>Not thread-safe: used on one context.
 */
public final class Subscription {
  private final Supplier<Place> subscribe;
  private Place place;
  private boolean renewing;
  private boolean left;

  /** What one subscribing came to. */
  public interface Place {
    /** Completes when it is known in the cluster, and fails when it is not going to be. */
    Future<Void> taken();

    /** Gives it back. */
    Future<Void> leave();

    /** That of a consumer. */
    static Place of(MessageConsumer<?> consumer) {
      return new Place() {
        @Override
        public Future<Void> taken() {
          return consumer.completion();
        }

        @Override
        public Future<Void> leave() {
          return consumer.unregister();
        }
      };
    }
  }

  /** Subscribes. */
  public Subscription(Supplier<Place> subscribe) {
    this.subscribe = subscribe;
    this.place = subscribe.get();
  }

  /** Completes when the first subscribing has. */
  public Future<Void> begun() {
    return place.taken();
  }

  /**
   * Subscribes again, unless that is under way. Which was there before is kept until the new one
   * is, and stays if it fails; completes with whether it did not.
   */
  public Future<Boolean> renew() {
    if (renewing || left) {
      return Future.succeededFuture(false);
    }
    renewing = true;
    Place fresh = subscribe.get();
    return fresh.taken().transform(taken -> renewed(fresh, taken.succeeded()));
  }

  private Future<Boolean> renewed(Place fresh, boolean taken) {
    renewing = false;
    boolean isBetter = taken && !left;
    Place worse = isBetter ? place : fresh;
    if (isBetter) {
      place = fresh;
    }
    // That others know no more of the one that goes is why it goes.
    return worse.leave().otherwiseEmpty().map(gone -> isBetter);
  }

  /** Takes nothing more. */
  public Future<Void> leave() {
    left = true;
    return place.leave();
  }
}
