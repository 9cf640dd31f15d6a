package dev.tocsin.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.IngestAnswer.Busy.Scope;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final OrganizationId ACME = new OrganizationId(new UUID(0, 1));
  private static final OrganizationId BOLT = new OrganizationId(new UUID(0, 2));

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final Admission admission =
      new Admission(
          new IngestSettings(
              2,
              100,
              10,
              1_000,
              6,
              Duration.ofDays(1),
              Duration.ofSeconds(20),
              Duration.ofSeconds(1)),
          meters);

  @Test
  void an_organization_may_have_so_many_events_and_others_theirs() {
    assertThat(admission.enter(ACME, 6, 10)).isNull();

    assertThat(admission.enter(ACME, 1, 10)).isEqualTo(Scope.ORGANIZATION);
    assertThat(admission.enter(BOLT, 4, 10)).isNull();
    assertThat(refused("organization")).isEqualTo(1);
    assertThat(refused("server")).isZero();
  }

  @Test
  void the_server_may_have_so_many_events() {
    admission.enter(ACME, 6, 10);

    assertThat(admission.enter(BOLT, 5, 10)).isEqualTo(Scope.SERVER);
    assertThat(refused("server")).isEqualTo(1);
  }

  @Test
  void the_server_may_have_so_many_bytes() {
    admission.enter(ACME, 1, 600);

    assertThat(admission.enter(BOLT, 1, 401)).isEqualTo(Scope.SERVER);
    assertThat(admission.enter(BOLT, 1, 400)).isNull();
  }

  @Test
  void what_is_refused_takes_nothing() {
    admission.enter(ACME, 7, 10);
    admission.enter(ACME, 1, 1_001);

    assertThat(inFlight("events")).isZero();
    assertThat(inFlight("bytes")).isZero();
  }

  @Test
  void what_leaves_gives_back_all_it_took() {
    admission.enter(ACME, 4, 700);
    admission.enter(ACME, 2, 300);

    admission.leave(ACME, 4, 700);
    assertThat(inFlight("events")).isEqualTo(2);
    assertThat(inFlight("bytes")).isEqualTo(300);
    admission.leave(ACME, 2, 300);
    assertThat(inFlight("events")).isZero();
    assertThat(inFlight("bytes")).isZero();
    assertThat(admission.enter(ACME, 6, 1_000)).isNull();
  }

  private double inFlight(String what) {
    return meters.get("tocsin.ingest.inflight." + what).gauge().value();
  }

  private double refused(String scope) {
    return meters.get("tocsin.ingest.refused").tag("scope", scope).counter().count();
  }
}
