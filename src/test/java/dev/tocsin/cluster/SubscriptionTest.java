package dev.tocsin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.cluster.Subscription.Place;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubscriptionTest {
  private final List<FakePlace> places = new ArrayList<>();
  private final Subscription subscription = new Subscription(this::subscribe);

  private static final class FakePlace implements Place {
    private final Promise<Void> taken = Promise.promise();
    private boolean left;

    @Override
    public Future<Void> taken() {
      return taken.future();
    }

    @Override
    public Future<Void> leave() {
      left = true;
      return Future.failedFuture("nobody knows of it");
    }
  }

  private Place subscribe() {
    FakePlace place = new FakePlace();
    places.add(place);
    return place;
  }

  @Test
  void the_former_one_is_kept_until_the_new_one_is_there() {
    Future<Boolean> renewed = subscription.renew();
    assertThat(left()).containsExactly(false, false);

    places.getLast().taken.complete();
    assertThat(left()).containsExactly(true, false);
    assertThat(renewed.result()).isTrue();
  }

  @Test
  void the_former_one_stays_when_the_new_one_fails_and_the_next_try_may_succeed() {
    Future<Boolean> renewed = subscription.renew();
    places.getLast().taken.fail("the cluster is not there");
    assertThat(left()).containsExactly(false, true);
    assertThat(renewed.result()).isFalse();

    subscription.renew();
    places.getLast().taken.complete();
    assertThat(left()).containsExactly(true, true, false);
  }

  @Test
  void one_try_is_made_at_a_time() {
    subscription.renew();
    subscription.renew();

    assertThat(places).hasSize(2);
  }

  @Test
  void nothing_is_left_behind_when_it_is_left_during_a_try() {
    subscription.renew();
    subscription.leave();
    places.getLast().taken.complete();
    subscription.renew();

    assertThat(left()).containsExactly(true, true);
  }

  private List<Boolean> left() {
    return places.stream().map(place -> place.left).toList();
  }
}
