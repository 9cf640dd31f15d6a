package dev.tocsin.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.StoreUnavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCheckTest {
  private static final SecretKey HASHING =
      new SecretKeySpec("hashing".getBytes(StandardCharsets.UTF_8), "HmacSHA256");
  private static final Caller CALLER =
      new Caller(new OrganizationId(new UUID(0, 1)), new ServiceUserId(new UUID(0, 2)), "key");

  private final Map<String, AccessKey> stored = new ConcurrentHashMap<>();
  private final AtomicInteger lookUps = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final KeyCheck check = check(this::find, 10);

  @Test
  void the_right_secret_confirms_its_caller() {
    store("key", "secret");

    assertThat(check.check("key", "secret").join())
        .isEqualTo(new KeyCheck.Result.Confirmed(CALLER));
  }

  @Test
  void a_wrong_secret_and_an_unknown_key_are_refused_alike() {
    store("key", "secret");

    assertThat(check.check("key", "Secret").join()).isEqualTo(new KeyCheck.Result.Refused());
    assertThat(check.check("other", "secret").join()).isEqualTo(new KeyCheck.Result.Refused());
    // Not even what the hash for unknown keys was made of opens anything.
    assertThat(check.check("", "").join()).isEqualTo(new KeyCheck.Result.Refused());
  }

  @Test
  void keys_are_remembered_for_a_while_known_or_not() {
    store("key", "secret");
    check.check("key", "secret").join();
    check.check("other", "secret").join();

    assertThat(check.check("key", "secret")).isCompleted();
    assertThat(check.check("other", "secret")).isCompleted();
    assertThat(lookUps).hasValue(2);
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    check.check("key", "secret").join();
    assertThat(lookUps).hasValue(3);
  }

  @Test
  void those_who_ask_for_the_same_key_share_a_look_up_and_one_too_many_keys_are_refused() {
    CountDownLatch answer = new CountDownLatch(1);
    KeyCheck slow =
        check(
            key -> {
              await(answer);
              return find(key);
            },
            1);
    store("key", "secret");

    CompletableFuture<KeyCheck.Result> first = slow.check("key", "secret");
    CompletableFuture<KeyCheck.Result> second = slow.check("key", "secret");
    assertThat(slow.check("other", "secret").join()).isEqualTo(new KeyCheck.Result.Busy());
    answer.countDown();

    assertThat(first.join()).isEqualTo(new KeyCheck.Result.Confirmed(CALLER));
    assertThat(second.join()).isEqualTo(new KeyCheck.Result.Confirmed(CALLER));
    assertThat(lookUps).hasValue(1);
    assertThat(slow.check("other", "secret").join()).isEqualTo(new KeyCheck.Result.Refused());
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 1"})
  void what_a_change_overtook_is_remembered_if_it_is_of_another_organization(
      long changed, int lookedUp) {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    KeyCheck slow =
        check(
            key -> {
              begun.countDown();
              await(go);
              return find(key);
            },
            1);
    store("key", "secret");
    CompletableFuture<KeyCheck.Result> first = slow.check("key", "secret");
    await(begun);
    slow.forget(new OrganizationId(new UUID(0, changed)));
    go.countDown();

    assertThat(first.join()).isEqualTo(new KeyCheck.Result.Confirmed(CALLER));
    assertThat(slow.check("key", "secret").join()).isEqualTo(new KeyCheck.Result.Confirmed(CALLER));
    assertThat(lookUps).hasValue(lookedUp);
  }

  @Test
  void a_failed_look_up_is_not_remembered() {
    AtomicInteger calls = new AtomicInteger();
    KeyCheck failing =
        check(
            key -> {
              calls.incrementAndGet();
              throw new StoreUnavailable("gone", new IllegalStateException());
            },
            1);

    assertThatThrownBy(() -> failing.check("key", "secret").join())
        .hasCauseInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> failing.check("key", "secret").join())
        .hasCauseInstanceOf(StoreUnavailable.class);
    assertThat(calls).hasValue(2);
  }

  /** An error that nobody expected: without an answer the key could never be asked for again. */
  @Test
  void a_look_up_that_breaks_gives_its_room_back() {
    AtomicInteger calls = new AtomicInteger();
    KeyCheck breaking =
        check(
            key -> {
              if (calls.getAndIncrement() == 0) {
                throw new StackOverflowError("broken");
              }
              return find(key);
            },
            1);
    store("key", "secret");

    assertThat(breaking.check("key", "secret"))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withStackTraceContaining("broken");
    assertThat(breaking.check("key", "secret").join())
        .isEqualTo(new KeyCheck.Result.Confirmed(CALLER));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u0000b", "a\nb"})
  void what_can_be_no_key_is_not_looked_for(String key) {
    assertThat(check.check(key, "secret").join()).isEqualTo(new KeyCheck.Result.Refused());
    assertThat(check.check("k".repeat(KeyCheck.KEY_LENGTH_MAX + 1), "secret").join())
        .isEqualTo(new KeyCheck.Result.Refused());
    assertThat(lookUps).hasValue(0);
  }

  private KeyCheck check(AccessKeys keys, int lookUpsMax) {
    return new KeyCheck(
        keys, HASHING, new LookUpLimits(Duration.ofSeconds(5), 100, lookUpsMax), nanos::get);
  }

  private Optional<AccessKey> find(String key) {
    lookUps.incrementAndGet();
    return Optional.ofNullable(stored.get(key));
  }

  private void store(String key, String secret) {
    stored.put(key, new AccessKey(key, CALLER, SecretHash.of(HASHING, key, secret)));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
