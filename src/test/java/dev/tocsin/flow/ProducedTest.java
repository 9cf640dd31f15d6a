package dev.tocsin.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProducedTest {
  @Test
  void what_was_processed_is_stored() {
    assertThat(Produced.of(new IngestAnswer.Processed(List.of(), List.of())))
        .isEqualTo(new Produced.Stored());
  }

  @Test
  void what_there_is_no_room_or_no_store_for_is_postponed_with_the_reason() {
    Duration soon = Duration.ofSeconds(1);

    assertThat(Produced.of(new IngestAnswer.Busy(IngestAnswer.Busy.Scope.SERVER, soon)))
        .isEqualTo(new Produced.Postponed("as much as may be of the SERVER is in flight"));
    assertThat(Produced.of(new IngestAnswer.Unavailable("the store is away", soon)))
        .isEqualTo(new Produced.Postponed("the store is away"));
  }

  @Test
  void an_answer_that_only_a_fault_of_ours_explains_says_so() {
    assertThat(Produced.of(new IngestAnswer.TooLarge("2,000 events")))
        .isInstanceOfSatisfying(
            Produced.Failed.class,
            failed -> assertThat(failed.cause()).hasMessageContaining("2,000 events"));
  }
}
