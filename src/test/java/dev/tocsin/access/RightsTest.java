package dev.tocsin.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.access.Rights.Standing;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RightsTest {
  private static final OrganizationId ACME = new OrganizationId(new UUID(0, 1));
  private static final OrganizationId BOLT = new OrganizationId(new UUID(0, 2));
  private static final Caller CALLER = new Caller(ACME, new ServiceUserId(new UUID(0, 3)), "key");
  private static final Permissions PERMISSIONS =
      Permissions.of(List.of(new Statement("allow", List.of("all"), List.of("*"))));

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger lookUps = new AtomicInteger();
  private volatile Optional<Holder> stored = Optional.of(new Holder(PERMISSIONS, Set.of("key")));
  private final Rights rights = rights(this::find, 10);

  @Test
  void a_caller_may_do_what_is_kept_of_him() {
    assertThat(rights.of(CALLER).join()).isEqualTo(new Standing.Known(PERMISSIONS));
  }

  @Test
  void the_token_of_a_key_or_user_that_is_gone_is_worth_nothing() {
    stored = Optional.of(new Holder(PERMISSIONS, Set.of("another")));
    assertThat(rights.of(CALLER).join()).isEqualTo(new Standing.Revoked());

    rights.forget(ACME);
    stored = Optional.empty();
    assertThat(rights.of(CALLER).join()).isEqualTo(new Standing.Revoked());
  }

  @Test
  void what_was_looked_up_is_remembered_for_a_while() {
    rights.of(CALLER).join();

    assertThat(rights.of(CALLER)).isCompleted();
    assertThat(lookUps).hasValue(1);
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    rights.of(CALLER).join();
    assertThat(lookUps).hasValue(2);
  }

  @Test
  void a_change_is_in_force_at_once_for_its_organization_alone() {
    rights.of(CALLER).join();
    stored = Optional.empty();

    rights.forget(BOLT);
    assertThat(rights.of(CALLER).join()).isEqualTo(new Standing.Known(PERMISSIONS));
    rights.forget(ACME);
    assertThat(rights.of(CALLER).join()).isEqualTo(new Standing.Revoked());
  }

  /**
   * A look-up that began before the change may say what was before it, to nobody who asks after.
   */
  @Test
  void a_look_up_that_a_change_overtook_is_neither_shared_nor_remembered() {
    CountDownLatch read = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    Rights slow =
        rights(
            (organization, user) -> {
              Optional<Holder> found = stored;
              if (calls.getAndIncrement() == 0) {
                read.countDown();
                await(go);
              }
              return found;
            },
            10);
    CompletableFuture<Standing> before = slow.of(CALLER);
    await(read);

    stored = Optional.empty();
    slow.forget(ACME);
    assertThat(slow.of(CALLER).join()).isEqualTo(new Standing.Revoked());
    go.countDown();
    assertThat(before.join()).isEqualTo(new Standing.Known(PERMISSIONS));
    assertThat(slow.of(CALLER).join()).isEqualTo(new Standing.Revoked());
  }

  /** Or whoever changes his own rights all the time would have everybody's looked up anew. */
  @Test
  void a_look_up_that_a_change_elsewhere_overtook_is_shared_and_remembered() {
    CountDownLatch go = new CountDownLatch(1);
    Rights slow =
        rights(
            (organization, user) -> {
              await(go);
              return find(organization, user);
            },
            1);
    CompletableFuture<Standing> first = slow.of(CALLER);
    slow.forget(BOLT);
    CompletableFuture<Standing> second = slow.of(CALLER);
    go.countDown();

    assertThat(first.join()).isEqualTo(new Standing.Known(PERMISSIONS));
    assertThat(second.join()).isEqualTo(new Standing.Known(PERMISSIONS));
    assertThat(slow.of(CALLER)).isCompleted();
    assertThat(lookUps).hasValue(1);
  }

  @Test
  void one_look_up_too_many_is_refused_and_a_failed_one_fails() {
    CountDownLatch go = new CountDownLatch(1);
    Rights narrow =
        rights(
            (organization, user) -> {
              await(go);
              throw new StoreUnavailable("gone", new IllegalStateException());
            },
            1);
    CompletableFuture<Standing> first = narrow.of(CALLER);

    Caller other = new Caller(BOLT, CALLER.serviceUser(), "key");
    assertThat(narrow.of(other).join()).isEqualTo(new Standing.Busy());
    go.countDown();
    assertThatThrownBy(first::join).hasCauseInstanceOf(StoreUnavailable.class);
  }

  private Rights rights(Holders holders, int underWayMax) {
    return new Rights(
        holders, new LookUpLimits(Duration.ofSeconds(5), 100, underWayMax), nanos::get);
  }

  private Optional<Holder> find(OrganizationId organization, ServiceUserId user) {
    lookUps.incrementAndGet();
    return stored;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
