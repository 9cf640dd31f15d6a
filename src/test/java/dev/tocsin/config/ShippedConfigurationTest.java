package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.DeclaredOrganization.ServiceUser;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The files under conf/ say what the code does. */
class ShippedConfigurationTest {
  private static final Path CONF = Path.of("conf");
  private static final Path FILE = CONF.resolve("tocsin.yaml");

  @Test
  void the_file_names_every_key_and_no_other() throws IOException {
    assertThat(comments().keySet())
        .containsExactlyInAnyOrderElementsOf(SettingsReader.allKeys().keySet());
  }

  @Test
  void what_it_says_are_the_defaults() throws IOException {
    List<Problem> problems = new ArrayList<>();
    Settings shipped =
        SettingsReader.parse(
            new YamlText(FILE.toString(), Files.readString(FILE)), Map.of(), problems);
    Settings defaults = SettingsReader.parse(new YamlText(FILE.toString(), ""), Map.of(), problems);

    assertThat(problems).isEmpty();
    assertThat(shipped).isEqualTo(defaults);
  }

  @TestFactory
  Stream<DynamicTest> every_key_has_a_comment_with_its_bounds() throws IOException {
    Map<String, String> comments = comments();
    return SettingsReader.allKeys().entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.getKey(),
                () ->
                    assertThat(comments.get(entry.getKey()))
                        .hasSizeGreaterThan(20)
                        .contains(entry.getValue().range())));
  }

  @Test
  void a_first_look_finds_the_demo_organization() {
    Vertx vertx = Vertx.vertx();
    try {
      Configuration configuration = Configuration.read(vertx, CONF, Map.of());
      DeclaredOrganization demo = configuration.organizations().getFirst();
      assertThat(configuration.organizations()).hasSize(1);
      assertThat(demo.id()).hasToString("00000000-0000-4000-8000-000000000001");
      assertThat(demo.serviceUsers())
          .containsExactly(
              new ServiceUser("demo", "demo-key", "demo-secret", List.of("administrator")));
    } finally {
      vertx.close().await();
    }
  }

  /** Every key of the file by its full name, with the comment above it on one line. */
  private static Map<String, String> comments() throws IOException {
    Map<String, String> comments = new LinkedHashMap<>();
    StringBuilder comment = new StringBuilder();
    String section = "";
    for (String line : Files.readAllLines(FILE)) {
      String text = line.strip();
      String key = text.substring(0, Math.max(0, text.indexOf(':')));
      if (text.startsWith("#")) {
        comment.append(text.substring(1).strip()).append(' ');
      } else if (!line.startsWith(" ") && text.endsWith(":")) {
        section = key + ".";
        comment.setLength(0);
      } else if (!text.isEmpty()) {
        comments.put(line.startsWith(" ") ? section + key : key, comment.toString());
        comment.setLength(0);
      } else {
        comment.setLength(0);
      }
    }
    return comments;
  }
}
