package dev.tocsin.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import javax.crypto.SecretKey;

/**
 * Checks an access key and its secret.
 *
 * <p>Clients ask before every call of theirs, so keys are remembered for a few seconds, those that
 * do not exist as well; a key that was just revoked may pass for that long. What is remembered is
 * answered at once, and the rest is looked up on a virtual thread. Many that ask for the same key
 * at the same time share one look-up.
 *
 * <p>An unknown key costs the same hash and gets the same answer as a wrong secret, so that keys
 * cannot be searched for.
 */
public final class KeyCheck {
  /** Longest access key that is looked up, in characters. */
  static final int KEY_LENGTH_MAX = 200;

  private static final ThreadFactory THREADS = Thread.ofVirtual().name("access-key-", 0).factory();

  private final AccessKeys keys;
  private final SecretKey hashing;
  private final Semaphore lookUps;
  private final Cache<String, Optional<AccessKey>> remembered;
  private final ConcurrentMap<String, CompletableFuture<Optional<AccessKey>>> underWay =
      new ConcurrentHashMap<>();
  private final SecretHash nobodys;

  /**
   * The bounds of a check.
   *
   * @param remembered how long a key is remembered, known or not
   * @param rememberedMax most keys remembered
   * @param lookUpsMax most look-ups under way; one more is refused
   */
  public record Limits(Duration remembered, long rememberedMax, int lookUpsMax) {
    public static final Limits DEFAULTS = new Limits(Duration.ofSeconds(5), 10_000, 256);

    public Limits {
      if (!remembered.isPositive() || rememberedMax < 1 || lookUpsMax < 1) {
        throw new IllegalArgumentException("a check of keys must be able to look one up");
      }
    }
  }

  /** What a check came to. */
  public sealed interface Result {
    /** Key and secret belong together. */
    record Confirmed(Caller caller) implements Result {
      public Confirmed {
        Objects.requireNonNull(caller);
      }
    }

    /** There is no such key, or the secret is not its secret. */
    record Refused() implements Result {}

    /** Too many look-ups are under way. */
    record Busy() implements Result {}
  }

  /**
   * A check with its memory.
   *
   * @param hashing the key that secrets are hashed with, see {@link SecretHash}
   */
  public KeyCheck(AccessKeys keys, SecretKey hashing, Limits limits) {
    this(keys, hashing, limits, Ticker.systemTicker());
  }

  KeyCheck(AccessKeys keys, SecretKey hashing, Limits limits, Ticker ticker) {
    this.keys = keys;
    this.hashing = hashing;
    this.lookUps = new Semaphore(limits.lookUpsMax());
    this.remembered =
        Caffeine.newBuilder()
            .maximumSize(limits.rememberedMax())
            .expireAfterWrite(limits.remembered())
            .ticker(ticker)
            .build();
    this.nobodys = SecretHash.of(hashing, "", "");
  }

  /**
   * Checks a key with its secret. The future is complete already when the key is remembered; else
   * it completes on another thread, and with the failure of the store if that fails.
   */
  public CompletableFuture<Result> check(String key, String secret) {
    return find(key)
        .thenApply(found -> result(found, key, secret))
        .exceptionally(KeyCheck::busyOrFailed);
  }

  private CompletableFuture<Optional<AccessKey>> find(String key) {
    if (!couldExist(key)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Optional<AccessKey> known = remembered.getIfPresent(key);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    CompletableFuture<Optional<AccessKey>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<AccessKey>> others = underWay.putIfAbsent(key, mine);
    if (others != null) {
      return others;
    }
    if (lookUps.tryAcquire()) {
      THREADS.newThread(() -> lookUp(key, mine)).start();
    } else {
      underWay.remove(key);
      mine.completeExceptionally(new RejectedExecutionException("too many look-ups"));
    }
    return mine;
  }

  /** What no store would take as a key is not looked for: it would only find its limits. */
  private static boolean couldExist(String key) {
    return !key.isEmpty()
        && key.length() <= KEY_LENGTH_MAX
        && key.chars().noneMatch(Character::isISOControl);
  }

  /** Looks a key up; the room it took is free again before anybody hears of it. */
  private void lookUp(String key, CompletableFuture<Optional<AccessKey>> answer) {
    Optional<AccessKey> found;
    try {
      found = keys.find(key);
      remembered.put(key, found);
    } catch (Throwable e) { // An error too is an answer: whoever asks would wait for ever.
      leave(key);
      answer.completeExceptionally(e);
      return;
    }
    leave(key);
    answer.complete(found);
  }

  private void leave(String key) {
    underWay.remove(key);
    lookUps.release();
  }

  private Result result(Optional<AccessKey> found, String key, String secret) {
    SecretHash given = SecretHash.of(hashing, key, secret);
    boolean right = found.map(AccessKey::secretHash).orElse(nobodys).matches(given);
    return right && found.isPresent()
        ? new Result.Confirmed(found.get().caller())
        : new Result.Refused();
  }

  private static Result busyOrFailed(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof RejectedExecutionException) {
      return new Result.Busy();
    }
    throw cause instanceof RuntimeException known
        ? known
        : new IllegalStateException("a look-up of an access key failed", cause);
  }
}
