package dev.tocsin.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.IncomingEvent.Timing;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00.123456Z");

  private final EventCheck check = new EventCheck(Catalog.system());

  static Stream<EventCheckCase> cases() {
    return EventCheckCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void events_are_what_their_cases_say(EventCheckCase one) {
    Checked checked = check.check(one.item(), NOW);

    if (one.isGood()) {
      assertThat(checked)
          .isInstanceOfSatisfying(
              Checked.Good.class, good -> assertThat(told(good.event())).isEqualTo(one.event()));
    } else {
      assertThat(checked).isEqualTo(one.bad());
    }
  }

  @Test
  void every_code_is_on_the_page_of_the_api() throws IOException {
    String page = Files.readString(Path.of("docs/api.md"));

    assertThat(cases().filter(one -> !one.isGood()).map(one -> one.bad().code()).distinct())
        .hasSize(10)
        .allSatisfy(code -> assertThat(page).contains("`" + code + "`"));
  }

  private static JsonObject told(IncomingEvent event) {
    JsonObject told = new JsonObject();
    told.put("time", event.timing() == Timing.ARRIVED ? "arrival" : event.time().toString());
    told.put("entity", event.entity() == null ? null : event.entity().entity());
    told.put("entityId", event.entity() == null ? null : event.entity().id());
    told.put("accountId", event.accountId());
    return told;
  }
}
