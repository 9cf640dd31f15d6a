package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetiredKeysTest {
  /** As if these had been renamed; in truth nothing ever was. */
  private static final RetiredKeys RENAMED =
      new RetiredKeys(
          Map.of("events.keepDays", "events.retentionDays", "listen.port", "http.port"));

  @Test
  void a_key_of_an_old_file_is_told_what_it_is_now() {
    String text =
        """
        events: { keepDays: 3, keepDay: 4 }
        listen: { port: 1, prot: 2 }
        """;

    assertThat(problems(text, Map.of("TOCSIN_EVENTS_KEEP_DAYS", "3")))
        .containsExactly(
            "tocsin.yaml:1: events.keepDays is now events.retentionDays",
            "tocsin.yaml:1: events.keepDay: there is no such key",
            "tocsin.yaml:2: listen.port is now http.port",
            "tocsin.yaml:2: listen.prot: there is no such key",
            "TOCSIN_EVENTS_KEEP_DAYS: TOCSIN_EVENTS_KEEP_DAYS is now TOCSIN_EVENTS_RETENTION_DAYS");
  }

  @Test
  void every_retired_key_has_a_successor_that_there_is_and_is_none_itself() {
    Set<String> keys = SettingsReader.allKeys().keySet();
    assertThat(keys).containsAll(RetiredKeys.ALL.successors().values());
    assertThat(RetiredKeys.ALL.successors().keySet()).noneMatch(keys::contains);
  }

  private static List<String> problems(String text, Map<String, String> environment) {
    List<Problem> problems = new ArrayList<>();
    SettingsReader.parse(new YamlText("tocsin.yaml", text), environment, problems, RENAMED);
    return problems.stream()
        .map(Problem::toString)
        .map(line -> line.replaceFirst("(no such key).*", "$1"))
        .toList();
  }
}
