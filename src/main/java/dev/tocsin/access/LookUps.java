package dev.tocsin.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Looks up what every call needs and what seldom changes. What was found is remembered for a while,
 * and answered at once; the rest is looked up on a virtual thread. Many that ask for the same at
 * the same time share one look-up.
 *
 * <p>Thread-safe.
 */
final class LookUps<K, V> {
  private final Function<K, V> source;
  private final ThreadFactory threads;
  private final Semaphore room;
  private final Cache<K, V> remembered;
  private final ConcurrentMap<K, CompletableFuture<V>> underWay = new ConcurrentHashMap<>();

  /** How often something was to be forgotten: what was looked up before is not remembered after. */
  private long forgettings;

  /**
   * Look-ups in a source, which may wait.
   *
   * @param name what the threads are called
   */
  LookUps(String name, Function<K, V> source, LookUpLimits limits, Ticker ticker) {
    this.source = source;
    this.threads = Thread.ofVirtual().name(name + "-", 0).factory();
    this.room = new Semaphore(limits.underWayMax());
    this.remembered =
        Caffeine.newBuilder()
            .maximumSize(limits.rememberedMax())
            .expireAfterWrite(limits.remembered())
            .ticker(ticker)
            .build();
  }

  /**
   * What belongs to a key. The future is complete already when that is remembered; it fails with
   * {@link RejectedExecutionException} when there is no room, and else as the source does.
   */
  CompletableFuture<V> find(K key) {
    V known = remembered.getIfPresent(key);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    CompletableFuture<V> mine = new CompletableFuture<>();
    CompletableFuture<V> others = underWay.putIfAbsent(key, mine);
    if (others != null) {
      return others;
    }
    if (room.tryAcquire()) {
      threads.newThread(() -> lookUp(key, mine)).start();
    } else {
      underWay.remove(key, mine);
      mine.completeExceptionally(new RejectedExecutionException("too many look-ups"));
    }
    return mine;
  }

  /**
   * Forgets some of what is remembered, and all that is under way: whoever asks from now on is
   * answered with what the source says from now on, and not with what is being looked up already.
   */
  synchronized void forget(BiPredicate<K, V> which) {
    forgettings++;
    underWay.clear();
    remembered.asMap().entrySet().removeIf(one -> which.test(one.getKey(), one.getValue()));
  }

  /** Looks a key up; the room it took is free again before anybody hears of it. */
  private void lookUp(K key, CompletableFuture<V> answer) {
    V found;
    try {
      long before = forgettings();
      found = source.apply(key);
      remember(key, found, before);
    } catch (Throwable e) { // An error too is an answer: whoever asks would wait for ever.
      leave(key, answer);
      answer.completeExceptionally(e);
      return;
    }
    leave(key, answer);
    answer.complete(found);
  }

  private synchronized long forgettings() {
    return forgettings;
  }

  private synchronized void remember(K key, V found, long forgettingsBefore) {
    if (forgettings == forgettingsBefore) {
      remembered.put(key, found);
    }
  }

  /**
   * What a failed look-up means: this, when it was refused for want of room, and else the failure.
   */
  static <T> T refusedOr(Throwable failure, T refused) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof RejectedExecutionException) {
      return refused;
    }
    throw cause instanceof RuntimeException known
        ? known
        : new IllegalStateException("a look-up failed", cause);
  }

  private void leave(K key, CompletableFuture<V> answer) {
    underWay.remove(key, answer);
    room.release();
  }
}
