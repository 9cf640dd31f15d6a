package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.EventId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StretchesTest {
  private static final UUID LOWEST = id("2026-11-21T15:00:00Z");

  @Test
  void the_first_are_short_and_the_others_are_days() {
    Stretches stretches = Stretches.between(LOWEST, id("2026-11-24T10:00:00Z"), false);

    assertThat(stretches.floors())
        .containsExactly(
            id("2026-11-24T08:50:05.696Z"),
            id("2026-11-24T04:10:28.480Z"),
            id("2026-11-24T00:00:00Z"),
            id("2026-11-23T00:00:00Z"),
            id("2026-11-22T00:00:00Z"),
            LOWEST);
  }

  @Test
  void of_coarse_keys_the_first_is_longer() {
    Stretches stretches = Stretches.between(LOWEST, id("2026-11-24T10:00:00Z"), true);

    assertThat(stretches.floors())
        .containsExactly(
            id("2026-11-24T05:20:22.784Z"),
            id("2026-11-24T00:00:00Z"),
            id("2026-11-23T00:00:00Z"),
            id("2026-11-22T00:00:00Z"),
            LOWEST);
  }

  @Test
  void each_begins_where_the_one_before_ended() {
    UUID below = new UUID(id("2026-11-24T00:00:00Z").getMostSignificantBits() | 0x7abc, 77);
    Stretches stretches = Stretches.between(LOWEST, below, true);

    assertThat(stretches.ceilings()).hasSameSizeAs(stretches.floors()).startsWith(below);
    List<UUID> others = stretches.ceilings().subList(1, stretches.ceilings().size());
    assertThat(others).isEqualTo(stretches.floors().subList(0, others.size()));
    assertThat(stretches.floors()).endsWith(LOWEST);
  }

  @Test
  void of_ids_that_there_are_none_between_there_is_none() {
    assertThat(Stretches.between(LOWEST, LOWEST, false).floors()).isEmpty();
    assertThat(Stretches.between(LOWEST, id("2026-11-20T00:00:00Z"), true).floors()).isEmpty();
  }

  private static UUID id(String moment) {
    return EventId.floor(Instant.parse(moment)).value();
  }
}
