package dev.tocsin.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/build} in a project of its own, with a Maven that only counts. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class BuildScriptTest {
  private static final String MAVEN =
      """
      #!/bin/sh
      echo built >>builds
      mkdir -p target/lib target/test-classes
      touch target/tocsin.jar target/test.classpath
      [ ! -f during-build ] || sh during-build
      """;

  @TempDir Path project;

  @BeforeEach
  void aProject() throws IOException {
    write("scripts/build", Files.readString(Path.of("scripts/build")));
    write("scripts/jdk", Files.readString(Path.of("scripts/jdk")));
    write("bin/mvn", MAVEN);
    write("pom.xml", "<project/>");
    write("src/main/java/A.java", "class A {}");
    write("src/main/java/B.java", "class B {}");
    write("src/test/java/ATest.java", "class ATest {}");
    // Long ago, so that only what a test does to them can be newer than a build.
    age("pom.xml", "src", "src/main", "src/main/java", "src/test", "src/test/java");
    age("src/main/java/A.java", "src/main/java/B.java", "src/test/java/ATest.java");
  }

  @Test
  void builds_once_and_then_not_again() throws Exception {
    assertThat(build()).isEqualTo(1);
    assertThat(build()).isEqualTo(1);
  }

  @Test
  void builds_again_when_a_file_was_changed_added_or_removed() throws Exception {
    build();
    edit("src/main/java/A.java");
    assertThat(build()).isEqualTo(2);

    age("src/main/java/A.java");
    edit("src/test/java/ATest.java");
    assertThat(build()).isEqualTo(3);

    age("src/test/java/ATest.java");
    edit("pom.xml");
    assertThat(build()).isEqualTo(4);

    age("pom.xml");
    Files.delete(project.resolve("src/main/java/B.java"));
    edit("src/main/java");
    assertThat(build()).isEqualTo(5);
  }

  @Test
  void builds_again_when_what_it_built_is_gone() throws Exception {
    build();
    Files.delete(project.resolve("target/tocsin.jar"));
    assertThat(build()).isEqualTo(2);
    Files.delete(project.resolve("target/test.classpath"));
    assertThat(build()).isEqualTo(3);
  }

  /** Maven may have read the file before. */
  @Test
  void what_is_edited_during_a_build_is_built_by_the_next() throws Exception {
    write("during-build", "touch -d '+1 second' src/main/java/A.java\n");
    build();
    Files.delete(project.resolve("during-build"));

    assertThat(build()).isEqualTo(2);
  }

  @Test
  void a_build_that_failed_is_tried_again() throws Exception {
    write("during-build", "exit 1\n");
    Process failed = start();
    assertThat(failed.waitFor()).isEqualTo(1);
    Files.delete(project.resolve("during-build"));

    assertThat(build()).isEqualTo(2);
  }

  @Test
  void of_two_that_start_at_once_one_builds() throws Exception {
    Process one = start();
    Process other = start();

    assertThat(one.waitFor()).isZero();
    assertThat(other.waitFor()).isZero();
    assertThat(builds()).isEqualTo(1);
  }

  /** Builds if it has to, and says how often that was so far. */
  private int build() throws Exception {
    Process process = start();
    assertThat(process.waitFor()).as(project + "/output").isZero();
    return builds();
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(project.resolve("scripts/build").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(project.resolve("output").toFile()));
    builder.environment().merge("PATH", project.resolve("bin") + ":", (old, ours) -> ours + old);
    builder.environment().put("TOCSIN_JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  private int builds() throws IOException {
    List<String> lines = Files.readAllLines(project.resolve("builds"));
    return lines.size();
  }

  private void write(String file, String text) throws IOException {
    Path path = project.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void edit(String file) throws IOException {
    at(file, Instant.now().plus(Duration.ofHours(1)));
  }

  private void age(String... files) throws IOException {
    for (String file : files) {
      at(file, Instant.now().minus(Duration.ofHours(1)));
    }
  }

  private void at(String file, Instant time) throws IOException {
    Files.setLastModifiedTime(project.resolve(file), FileTime.from(time));
  }
}
