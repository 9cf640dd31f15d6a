package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.OrganizationId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BodyRoomTest {
  private static final OrganizationId ACME = new OrganizationId(new UUID(0, 1));
  private static final OrganizationId BOLT = new OrganizationId(new UUID(0, 2));
  private static final Duration RETRY_AFTER = Duration.ofSeconds(3);

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final BodyRoom room = new BodyRoom(new BodyRoom.Limits(100, 60, RETRY_AFTER), meters);

  @Test
  void an_organization_gets_its_part_and_others_are_not_kept_waiting() {
    assertThat(room.share(ACME).reserve(60)).isNull();

    assertThat(room.share(ACME).reserve(1)).isEqualTo(ApiError.tooManyRequests(RETRY_AFTER));
    assertThat(room.share(BOLT).reserve(40)).isNull();
    assertThat(refused("organization")).isEqualTo(1);
    assertThat(refused("server")).isZero();
  }

  @Test
  void over_all_organizations_there_is_a_bound_too() {
    assertThat(room.share(ACME).reserve(60)).isNull();

    assertThat(room.share(BOLT).reserve(41)).isEqualTo(ApiError.busy(RETRY_AFTER));
    assertThat(refused("server")).isEqualTo(1);
    assertThat(held()).isEqualTo(60);
  }

  @Test
  void a_share_grows_to_what_is_asked_and_never_shrinks() {
    BodyRoom.Share share = room.share(ACME);

    assertThat(share.reserve(-1)).isNull();
    assertThat(share.reserve(20)).isNull();
    assertThat(share.reserve(10)).isNull();
    assertThat(held()).isEqualTo(20);
    assertThat(share.reserve(60)).isNull();
    assertThat(share.reserve(61)).isNotNull();
    assertThat(held()).isEqualTo(60);
  }

  @Test
  void a_share_is_given_back_once_and_takes_nothing_afterwards() {
    BodyRoom.Share share = room.share(ACME);
    BodyRoom.Share other = room.share(ACME);
    share.reserve(30);
    other.reserve(10);

    share.release();
    share.release();
    share.reserve(50);

    assertThat(held()).isEqualTo(10);
    other.release();
    assertThat(held()).isZero();
    assertThat(room.share(ACME).reserve(60)).isNull();
  }

  private double held() {
    return meters.get("tocsin.api.bodies.bytes").gauge().value();
  }

  private double refused(String scope) {
    return meters.get("tocsin.api.bodies.refused").tag("scope", scope).counter().count();
  }
}
