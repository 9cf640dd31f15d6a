package dev.tocsin.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

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

  /** Those that are shared by whoever asks for the same. */
  private final Map<K, LookUp<K, V>> shared = new HashMap<>();

  /** All, with those that are shared no more. */
  private final Set<LookUp<K, V>> underWay = new HashSet<>();

  /** One that is under way. */
  private static final class LookUp<K, V> {
    private final K key;
    private final CompletableFuture<V> answer = new CompletableFuture<>();

    /** What was to be forgotten since it began: if it found any of that, it is not remembered. */
    private final List<BiPredicate<K, V>> forgotten = new ArrayList<>();

    private LookUp(K key) {
      this.key = key;
    }

    private boolean isOvertaken(V found) {
      return forgotten.stream().anyMatch(which -> which.test(key, found));
    }
  }

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
    return known == null ? share(key) : CompletableFuture.completedFuture(known);
  }

  private synchronized CompletableFuture<V> share(K key) {
    LookUp<K, V> others = shared.get(key);
    if (others != null) {
      return others.answer;
    }
    if (!room.tryAcquire()) {
      return CompletableFuture.failedFuture(new RejectedExecutionException("too many look-ups"));
    }
    LookUp<K, V> mine = new LookUp<>(key);
    shared.put(key, mine);
    underWay.add(mine);
    threads.newThread(() -> lookUp(mine)).start();
    return mine.answer;
  }

  /**
   * Forgets some of what is remembered, and of what is under way: whoever asks from now on is
   * answered with what the source says from now on, and not with what is being looked up already.
   *
   * @param mayConcern which keys it can be about: look-ups of others stay as they are
   * @param which what it is about, told a key and what was found
   */
  synchronized void forget(Predicate<K> mayConcern, BiPredicate<K, V> which) {
    underWay.stream()
        .filter(lookUp -> mayConcern.test(lookUp.key))
        .forEach(lookUp -> lookUp.forgotten.add(which));
    shared.keySet().removeIf(mayConcern);
    remembered.asMap().entrySet().removeIf(one -> which.test(one.getKey(), one.getValue()));
  }

  /** Looks a key up; the room it took is free again before anybody hears of it. */
  private void lookUp(LookUp<K, V> mine) {
    V found;
    try {
      found = source.apply(mine.key);
    } catch (Throwable e) { // An error too is an answer: whoever asks would wait for ever.
      leave(mine);
      mine.answer.completeExceptionally(e);
      return;
    }
    remember(mine, found);
    leave(mine);
    mine.answer.complete(found);
  }

  private synchronized void remember(LookUp<K, V> mine, V found) {
    if (!mine.isOvertaken(found)) {
      remembered.put(mine.key, found);
    }
  }

  private synchronized void leave(LookUp<K, V> mine) {
    underWay.remove(mine);
    shared.remove(mine.key, mine);
    room.release();
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
}
