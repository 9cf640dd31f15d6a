package dev.tocsin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HearingTest {
  private long nanos = Long.MAX_VALUE - 5; // A steady clock may overflow.
  private final Hearing hearing = new Hearing(Duration.ofNanos(10), () -> nanos);

  @Test
  void a_member_that_is_not_heard_in_time_is_silent_until_it_is_heard() {
    assertThat(hearing.look(Set.of("n2"))).isEqualTo(new Hearing.Look(List.of(), List.of(), false));
    nanos += 11;
    assertThat(hearing.look(Set.of("n2")))
        .isEqualTo(new Hearing.Look(List.of("n2"), List.of(), true));
    assertThat(hearing.isHeard("n2")).isFalse();
    assertThat(hearing.look(Set.of("n2"))).isEqualTo(new Hearing.Look(List.of(), List.of(), true));

    hearing.heard("n2");
    assertThat(hearing.look(Set.of("n2")))
        .isEqualTo(new Hearing.Look(List.of(), List.of("n2"), false));
    assertThat(hearing.isHeard("n2")).isTrue();
  }

  @Test
  void a_member_that_left_is_forgotten_and_one_that_is_none_is_not_remembered() {
    hearing.look(Set.of("n2"));
    nanos += 11;
    hearing.look(Set.of("n2"));
    hearing.heard("n3");

    assertThat(hearing.look(Set.of("n3"))).isEqualTo(new Hearing.Look(List.of(), List.of(), false));
    nanos += 11;
    assertThat(hearing.look(Set.of("n3")).fallenSilent()).containsExactly("n3");
  }
}
