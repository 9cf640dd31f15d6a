package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLooksTest {
  private static final Instant WRITTEN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = WRITTEN.plusSeconds(3);

  @TempDir private Path directory;

  private Instant now = LATER;
  private final FileLooks looks = new FileLooks(() -> now);

  @Test
  void what_is_written_in_place_renamed_over_or_removed_is_seen() throws IOException {
    Path file = write("a.yaml", "one");
    String first = look(file);
    write("a.yaml", "three");
    String second = look(file);
    Files.move(write("b", "other"), file, StandardCopyOption.ATOMIC_MOVE);
    String third = look(file);
    Files.delete(file);

    assertThat(List.of(first, second, third, look(file))).doesNotHaveDuplicates();
    write("a.yaml", "one");
    assertThat(look(file)).isEqualTo(first);
  }

  /** The files have the same size and time, and the link itself is the same too. */
  @Test
  void a_directory_that_a_link_leads_to_and_that_is_exchanged_is_seen() throws IOException {
    write("one/a.yaml", "first");
    write("two/a.yaml", "other");
    Path data = Files.createSymbolicLink(directory.resolve("..data"), directory.resolve("one"));
    Path file =
        Files.createSymbolicLink(directory.resolve("a.yaml"), directory.resolve("..data/a.yaml"));
    String before = look(file);

    Path next = Files.createSymbolicLink(directory.resolve("next"), directory.resolve("two"));
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

    assertThat(look(file)).isNotEqualTo(before);
  }

  @Test
  void the_same_written_again_is_the_same() throws IOException {
    Path file = write("a.yaml", "one");
    String before = look(file);
    Files.setLastModifiedTime(file, FileTime.from(WRITTEN.minusSeconds(60)));
    assertThat(look(file)).isEqualTo(before);
    Files.move(write("b", "one"), file, StandardCopyOption.ATOMIC_MOVE);
    assertThat(look(file)).isEqualTo(before);
  }

  /** Times are as coarse as a clock tick, so both may have the same. */
  @Test
  void a_file_that_was_written_just_now_is_read_again() throws IOException {
    now = WRITTEN.plusSeconds(1);
    Path file = write("a.yaml", "one");
    String before = look(file);
    write("a.yaml", "two");

    assertThat(look(file)).isNotEqualTo(before);
  }

  @Test
  void a_file_that_was_written_long_ago_is_not_read_again() throws IOException {
    Path file = write("a.yaml", "one");
    String before = look(file);
    write("a.yaml", "two"); // In place, with the time that it had: nothing tells.

    assertThat(look(file)).isEqualTo(before);
  }

  private String look(Path file) {
    return Objects.requireNonNull(looks.at(List.of(file)).get(file));
  }

  private Path write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return Files.setLastModifiedTime(file, FileTime.from(WRITTEN));
  }
}
