package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventFramesTest {
  private final EventFrames frames = new EventFrames();

  @Test
  void lines_of_a_payload_become_lines_of_data_however_they_end() {
    List<String> lines = lines(event("x.y.z", "{\n\"a\":\r\n1,\r\"b\":\r\r2}"));

    assertThat(lines).startsWith("id: 00000000-0000-0007-0000-000000000007", "event: x.y.z");
    assertThat(lines.subList(3, lines.size()))
        .containsExactly(
            "data: \"a\":", "data: 1,", "data: \"b\":", "data: ", "data: 2}}}}", "", "");
  }

  /** Codes of rules are part of names of notifications, and have no form. */
  @Test
  void a_name_cannot_break_out_of_its_line() {
    List<String> lines = lines(event("notification.a\nid: 1\r\n\r\ndata: x", "{}"));

    assertThat(lines.get(1)).isEqualTo("event: notification.a id: 1    data: x");
    assertThat(lines).hasSize(5);
  }

  @Test
  void what_is_shown_to_many_is_written_out_once() {
    StoredEvent event = event("x.y.z", "{}");

    assertThat(frames.of(event)).isSameAs(frames.of(event));
  }

  @Test
  void the_last_word_has_no_id_and_a_name_that_no_event_has() {
    assertThat(EventFrames.end(ApiError.revoked()).toString())
        .isEqualTo("event: _end\ndata: " + ApiError.revoked().json() + "\n\n");
  }

  private List<String> lines(StoredEvent event) {
    String text = frames.of(event).toString();
    assertThat(text).doesNotContain("\r");
    return List.of(text.split("\n", -1));
  }

  private static StoredEvent event(String name, String payload) {
    return new StoredEvent(
        new OrganizationId(new UUID(0, 1)),
        new EventId(new UUID(7, 7)),
        new EventName(name),
        Category.CONFIGURATION,
        Instant.EPOCH,
        null,
        null,
        payload,
        null,
        null);
  }
}
