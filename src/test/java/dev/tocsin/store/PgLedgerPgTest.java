package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.evaluate.EntityStates;
import dev.tocsin.evaluate.Judged;
import dev.tocsin.evaluate.Ledger;
import dev.tocsin.evaluate.LedgerContract;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.evaluate.Verdict;
import dev.tocsin.event.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgLedgerPgTest extends LedgerContract {
  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  @Test
  void a_delivery_that_is_switched_off_is_a_run_that_has_ended() {
    Judged judged =
        judged(
            Samples.organization(1),
            Samples.update("k", "c1", 1),
            null,
            Samples.switchedOff(1),
            Samples.always(2));

    ledger().commit(List.of(judged), Map.of(judged.organization(), 1L), Set.of());

    assertThat(run(judged, 0))
        .isEqualTo("DISABLED, it is off, 0 attempts, due no, leased no, started no, ended yes");
    assertThat(run(judged, 1))
        .isEqualTo("STARTED, -, 0 attempts, due yes, leased yes, started yes, ended no");
  }

  @Test
  void a_key_that_is_in_two_generations_is_one_repetition() {
    postgres.ensurePartitions(LocalDate.parse("2026-11-25"), LocalDate.parse("2026-11-27"));
    Ledger atTheTurn = ledger(() -> Instant.parse("2026-11-26T00:00:00Z"));
    Judged first = judged(Samples.organization(1), Samples.update("k", "c1", 1), null);
    Judged again = judged(Samples.organization(1), Samples.update("k", "c1", 1), null);
    Judged other = judged(Samples.organization(1), Samples.update("other", "c2", 1), null);
    Map<OrganizationId, Long> versions = Map.of(first.organization(), 1L);

    assertThat(atTheTurn.commit(List.of(first), versions, Set.of()).verdicts())
        .containsExactly(new Verdict.Stored());
    assertThat(postgres.value("select count(distinct generation) from idempotency_key"))
        .isEqualTo("2");
    assertThat(atTheTurn.commit(List.of(again, other), versions, Set.of()).verdicts())
        .containsExactly(new Verdict.Duplicate(first.id()), new Verdict.Stored());
    assertThat(postgres.value("select count(*) from event")).isEqualTo("2");
  }

  private String run(Judged judged, int firing) {
    return postgres.value(
        """
        select concat_ws(', ', status, coalesce(error, '-'), attempts || ' attempts',
          case when due_at is null then 'due no' else 'due yes' end,
          case when leased_by is null then 'leased no' else 'leased yes' end,
          case when dt_started is null then 'started no' else 'started yes' end,
          case when dt_completed is null then 'ended no' else 'ended yes' end)
        from integration_run where id = '%s'
        """
            .formatted(judged.firings().get(firing).runs().getFirst().id()));
  }

  @Override
  protected Ledger ledger() {
    return ledger(() -> Samples.NOW);
  }

  private Ledger ledger(InstantSource clock) {
    return new PgLedger(
        postgres.open("ledger", PgLedger.SESSION),
        Duration.ofDays(28),
        clock,
        StoreSamples.EVERYTHING,
        new UUID(9, 9),
        Samples.LEASE,
        Samples.LATE_WINDOW);
  }

  @Override
  protected EntityStates states() {
    return new PgEntityStates(postgres.open("ledger", PgLedger.SESSION));
  }

  @Override
  protected void create(OrganizationId organization) {
    postgres.createOrganization(organization.toString());
  }

  @Override
  protected void changeRules(OrganizationId organization) {
    postgres.execute(
        "update rule_set set version = version + 1 where organization_id = '" + organization + "'");
  }
}
