package dev.tocsin.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules about files, each of which was broken twice somewhere before it became a check. */
class TidyTest {
  private static final int FILE_LINES_MAX = 400;

  @Test
  void no_source_file_is_longer_than_a_reader_bears() {
    assertThat(files("src/main", ".java").filter(file -> lines(file).size() > FILE_LINES_MAX))
        .isEmpty();
  }

  @Test
  void every_package_says_what_it_is_for() {
    assertThat(
            files("src/main/java", ".java")
                .map(Path::getParent)
                .distinct()
                .filter(folder -> !Files.exists(folder.resolve("package-info.java"))))
        .isEmpty();
  }

  @Test
  void every_package_says_that_nothing_in_it_is_null_unasked() {
    assertThat(
            Stream.of("src/main/java", "src/test/java", "src/bench/java")
                .flatMap(folder -> files(folder, "package-info.java"))
                .filter(file -> !lines(file).contains("@NullMarked")))
        .isEmpty();
  }

  @Test
  void a_verticle_only_wires() {
    assertThat(files("src/main/java", "Verticle.java").filter(file -> lines(file).size() > 90))
        .isEmpty();
  }

  @Test
  void nothing_is_left_for_later() {
    // Put together from two halves, or this line would find itself.
    Pattern marker = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");
    assertThat(found(Stream.of("src", "conf", "scripts", "docs"), marker.asPredicate())).isEmpty();
  }

  @Test
  void a_suppressed_warning_says_why_on_its_line() {
    Predicate<String> unexplained =
        line -> line.contains("@Suppress" + "Warnings(") && !line.contains("//");
    assertThat(found(Stream.of("src/main"), unexplained)).isEmpty();
  }

  @Test
  void tests_neither_sleep_nor_are_switched_off() {
    Predicate<String> forbidden =
        line -> line.contains("Thread." + "sleep") || line.contains("@Dis" + "abled");
    assertThat(found(Stream.of("src/test"), forbidden)).isEmpty();
  }

  @Test
  void migrations_say_why_and_which_locks_they_take() {
    assertThat(
            files("src/main/resources/db/migration", ".sql")
                .filter(file ->
                    lines(file).stream()
                        .takeWhile(line -> line.startsWith("--"))
                        .noneMatch(line -> line.contains("Locks:"))))
        .isEmpty();
  }

  private static Stream<String> found(Stream<String> folders, Predicate<String> rule) {
    return folders
        .filter(folder -> Files.exists(Path.of(folder)))
        .flatMap(folder -> files(folder, ""))
        .flatMap(file -> {
          List<String> lines = lines(file);
          return IntStream.range(0, lines.size())
              .filter(i -> rule.test(lines.get(i)))
              .mapToObj(i -> file + ":" + (i + 1) + " " + lines.get(i).strip());
        });
  }

  private static Stream<Path> files(String folder, String ending) {
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files
          .filter(file -> Files.isRegularFile(file) && file.toString().endsWith(ending))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
