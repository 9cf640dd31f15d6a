package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.evaluate.ArmingContract;
import dev.tocsin.evaluate.Ledger;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgArmingPgTest extends ArmingContract {
  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private Instant now = Samples.NOW;
  private Ledger ledger;

  @BeforeEach
  void open() {
    ledger =
        new PgLedger(
            postgres.open("ledger", PgLedger.SESSION),
            Duration.ofDays(28),
            () -> now,
            StoreSamples.EVERYTHING,
            new UUID(9, 9),
            Samples.LEASE,
            Samples.LATE_WINDOW);
  }

  @Override
  protected Ledger ledger() {
    return ledger;
  }

  @Override
  protected void create(OrganizationId organization) {
    postgres.createOrganization(organization.toString());
  }

  @Override
  protected void now(Instant moment) {
    now = moment;
  }

  @Override
  protected void fireDue() {
    postgres.execute(
        "update scheduled_due set outcome = 'FIRED', dt_ended = '%s' where due_at <= '%s'"
            .formatted(now, now));
  }

  @Override
  protected List<String> appointments(OrganizationId organization, EntityRef entity) {
    return postgres.texts(
        """
        select concat_ws(' ', ltrim(right(configuration_id::text, 12), '0'),
          to_json(due_at at time zone 'UTC') #>> '{}' || 'Z', arming, value, outcome)
        from scheduled_due where organization_id = '%s' and entity_id = '%s' order by 1
        """
            .formatted(organization, entity.id()));
  }

  /** Whoever fires several locks them in that order too; else the two could wait for each other. */
  @Test
  void appointments_are_locked_in_the_order_of_their_keys_before_any_changes() {
    UUID organization = new UUID(0, 1);
    UUID configuration = new UUID(0, 2);
    postgres.execute(
        """
        insert into scheduled_due (organization_id, configuration_id, entity_id, due_at, arming,
          value, dt_armed, outcome, dt_ended)
        values ('%1$s', '%2$s', 'b1', '2026-11-24Z', 1, 'before', now(), null, null),
          ('%1$s', '%2$s', 'b2', '2026-11-20Z', 1, 'x', now(), 'FIRED', now()),
          ('%1$s', '%2$s', 'b3', '2026-11-20Z', 1, 'x', now(), 'FIRED', now());
        create table deleted (number serial, entity_id text, locked text);
        create function note_deleted() returns trigger language plpgsql as $$ begin
          insert into deleted (entity_id, locked) select old.entity_id,
            (select string_agg(entity_id, ' ' order by entity_id) from scheduled_due
              where xmax <> '0');
          return old;
        end $$;
        create trigger note_deleted before delete on scheduled_due
          for each row execute function note_deleted();
        select scheduled_due_arm(array_fill('%1$s'::uuid, '{3}'), array_fill('%2$s'::uuid, '{3}'),
          '{b3,b2,b1}', '{1,1,1}', array_fill('2026-11-24Z'::timestamptz, '{3}'), '{y,y,y}',
          '{f,f,f}', '{f,f,f}', '2026-11-01Z', '2026-11-23Z')\
        """
            .formatted(organization, configuration));

    assertThat(postgres.texts("select entity_id || ': ' || locked from deleted order by number"))
        .containsExactly("b2: b1 b2 b3", "b3: b1 b3");
  }
}
