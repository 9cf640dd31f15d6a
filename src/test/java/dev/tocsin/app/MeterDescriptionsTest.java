package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The list of meters, beside the code and the pages; {@code MetersHttpTest} holds it against a
 * server.
 */
class MeterDescriptionsTest {
  private static final Pattern IN_CODE = Pattern.compile("\"(tocsin(?:\\.[a-z]+)+)\"");
  private static final Pattern IN_PAGES = Pattern.compile("`(tocsin(?:\\.[a-z]+)+)`");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(tocsin[.a-z]+)` \\| (.*) \\|$");

  /** A file, what nodes know of each other, and addresses of the bus. */
  private static final Set<String> NO_METERS =
      Set.of(
          "tocsin.yaml",
          "tocsin.since",
          "tocsin.doorbells",
          "tocsin.ingest",
          "tocsin.events",
          "tocsin.notifications");

  private final MeterDescriptions descriptions = MeterDescriptions.load();

  @Test
  void a_meter_is_given_the_description_of_its_name_and_keeps_its_tags() {
    MeterRegistry meters = new SimpleMeterRegistry();
    meters.config().meterFilter(new MeterDescriptions(Map.of("tocsin.x", "What x is")));

    assertThat(meters.counter("tocsin.x", "scope", "server").getId().getDescription())
        .isEqualTo("What x is");
    assertThat(meters.counter("tocsin.x", "scope", "server").getId().getTag("scope"))
        .isEqualTo("server");
    assertThat(meters.counter("tocsin.y").getId().getDescription()).isNull();
  }

  @Test
  void every_meter_that_the_code_names_is_described() {
    List<String> named =
        files("src/main/java")
            .flatMap(file -> found(IN_CODE, file))
            .filter(name -> !NO_METERS.contains(name))
            .toList();

    assertThat(named).hasSizeGreaterThan(60);
    assertThat(named)
        .allMatch(name ->
            descriptions.byName().containsKey(name)
                || descriptions.byName().containsKey(name + ".running"));
  }

  @Test
  void its_page_lists_them_all_in_order() {
    Map<String, String> rows = new TreeMap<>();
    ROW.matcher(text(Path.of("docs/meters.md")))
        .results()
        .forEach(row -> rows.put(row.group(1), row.group(2)));

    assertThat(rows).containsExactlyEntriesOf(new TreeMap<>(descriptions.byName()));
  }

  @Test
  void no_page_names_one_that_there_is_not() {
    assertThat(
            files("docs")
                .flatMap(file -> found(IN_PAGES, file))
                .filter(name -> !NO_METERS.contains(name)))
        .isNotEmpty()
        .isSubsetOf(new TreeSet<>(descriptions.byName().keySet()));
  }

  private static Stream<String> found(Pattern pattern, Path file) {
    return pattern.matcher(text(file)).results().map(MatchResult::group).map(one -> inner(one));
  }

  private static String inner(String quoted) {
    return quoted.substring(1, quoted.length() - 1);
  }

  private static Stream<Path> files(String folder) {
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
