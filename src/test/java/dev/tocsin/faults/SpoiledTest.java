package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpoiledTest {
  @TempDir Path home;

  /** A statement that is written otherwise one day would be left as it is. */
  @ParameterizedTest
  @EnumSource
  void a_mistake_changes_the_statements_that_servers_run(Spoiled spoiled) throws IOException {
    Path root = spoiled.write(home);
    List<Path> written;
    try (Stream<Path> files = Files.walk(root)) {
      written = files.filter(Files::isRegularFile).toList();
    }
    assertThat(written).hasSize(1);
    assertThat(written.getFirst())
        .content()
        .isNotEqualTo(
            Files.readString(
                Path.of("src/main/resources").resolve(root.relativize(written.getFirst()))));
  }
}
