package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.faults.Journal.Period;
import dev.tocsin.process.ApiClient.Accepted;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalTest {
  private static final Sent SENT = Sent.commitment("e1", "c1", null, 1);
  private static final Accepted ACCEPTED = new Accepted(0, "id", false, List.of());

  private final Journal journal = new Journal();

  /** Its answer may have been on its way when the server was killed. */
  @Test
  void an_acknowledgement_of_what_was_sent_before_a_fault_says_nothing_of_the_time_after() {
    Period before = journal.period();
    Period after = journal.fault();

    journal.acknowledged(SENT, ACCEPTED, before);
    assertThat(after.isAcknowledged()).isFalse();

    journal.acknowledged(SENT, ACCEPTED, journal.period());
    assertThat(after.isAcknowledged()).isTrue();
  }

  @Test
  void nobody_waits_for_an_acknowledgement_in_a_campaign_that_is_over() {
    Period before = journal.period();
    journal.broken("a promise");

    assertThat(before.isAcknowledged()).isTrue();
    assertThat(journal.fault().isAcknowledged()).isTrue();
  }
}
