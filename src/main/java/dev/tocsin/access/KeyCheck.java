package dev.tocsin.access;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.tocsin.event.OrganizationId;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.crypto.SecretKey;

/**
 * Checks an access key and its secret.
 *
 * <p>Clients ask before every call of theirs, so keys are remembered for a few seconds, those that
 * do not exist as well, and what is remembered is answered without the database; a key that was
 * just revoked on another node may pass for that long.
 *
 * <p>An unknown key costs the same hash and gets the same answer as a wrong secret, so that keys
 * cannot be searched for.
 */
public final class KeyCheck {
  /** Longest access key that is looked up, in characters. */
  static final int KEY_LENGTH_MAX = 200;

  private final SecretKey hashing;
  private final LookUps<String, Optional<AccessKey>> lookUps;
  private final SecretHash nobodys;

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
  public KeyCheck(AccessKeys keys, SecretKey hashing, LookUpLimits limits) {
    this(keys, hashing, limits, Ticker.systemTicker());
  }

  KeyCheck(AccessKeys keys, SecretKey hashing, LookUpLimits limits, Ticker ticker) {
    this.hashing = hashing;
    this.lookUps = new LookUps<>("access-key", keys::find, limits, ticker);
    this.nobodys = SecretHash.of(hashing, "", "");
  }

  /**
   * Checks a key with its secret. The future is complete already when the key is remembered; else
   * it completes on another thread, and with the failure of the store if that fails.
   */
  public CompletableFuture<Result> check(String key, String secret) {
    CompletableFuture<Optional<AccessKey>> found =
        couldExist(key) ? lookUps.find(key) : CompletableFuture.completedFuture(Optional.empty());
    return found
        .thenApply(stored -> result(stored, key, secret))
        .exceptionally(failure -> LookUps.refusedOr(failure, new Result.Busy()));
  }

  /** Has the keys of an organization looked up again, and those that are nobody's. */
  public void forget(OrganizationId organization) {
    lookUps.forget(
        key -> true, // Whose a key is shows when it is found.
        (key, found) ->
            found.map(stored -> stored.caller().organization().equals(organization)).orElse(true));
  }

  /** What no store would take as a key is not looked for: it would only find its limits. */
  private static boolean couldExist(String key) {
    return !key.isEmpty()
        && key.length() <= KEY_LENGTH_MAX
        && key.chars().noneMatch(Character::isISOControl);
  }

  private Result result(Optional<AccessKey> found, String key, String secret) {
    SecretHash given = SecretHash.of(hashing, key, secret);
    boolean right = found.map(AccessKey::secretHash).orElse(nobodys).matches(given);
    return right && found.isPresent()
        ? new Result.Confirmed(found.get().caller())
        : new Result.Refused();
  }
}
