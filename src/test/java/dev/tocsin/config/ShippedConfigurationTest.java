package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.DeclaredOrganization.ServiceUser;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.webhook.AddressCheck;
import dev.tocsin.webhook.Network;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The files under conf/ say what the code does. */
class ShippedConfigurationTest {
  /** As who tries the examples is told to allow. */
  private static final AddressCheck RECEIVER_BESIDE =
      new AddressCheck(List.of(new Network(InetAddress.ofLiteral("127.0.0.0"), 8)));

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
      DeclaredOrganization demo = configuration.files().organizations().getFirst();
      assertThat(configuration.files().organizations()).hasSize(1);
      assertThat(demo.id()).hasToString("00000000-0000-4000-8000-000000000001");
      assertThat(demo.serviceUsers())
          .containsExactly(
              new ServiceUser("demo", "demo-key", "demo-secret", List.of("administrator")));
    } finally {
      vertx.close().await();
    }
  }

  /** What is in comments stands above the empty section that it is an example of. */
  @Test
  void the_examples_in_the_demo_organization_can_be_uncommented(@TempDir Path directory)
      throws IOException {
    StringBuilder yaml = new StringBuilder();
    StringBuilder example = new StringBuilder();
    for (String line : Files.readAllLines(CONF.resolve("organizations/demo.yaml"))) {
      if (line.startsWith("#   ")) {
        example.append(line.substring(2)).append('\n');
      } else if (line.endsWith(": []")) {
        yaml.append(line.replace(" []", "\n")).append(example);
        example.setLength(0);
      } else {
        yaml.append(line).append('\n');
      }
    }
    Files.writeString(directory.resolve("demo.yaml"), yaml);

    DeclaredOrganization demo = onlyOne(directory, Map.of());
    assertThat(example).isEmpty();
    assertThat(demo.policies()).hasSize(1);
    assertThat(demo.catalog().entities()).hasSize(1);
    assertThat(demo.rules().webhooks()).hasSize(1);
    assertThat(demo.rules().notifications().getFirst().webhooks()).containsExactly("ops");
  }

  @Test
  void the_example_in_the_documentation_can_be_used(@TempDir Path directory) throws IOException {
    String yaml =
        Files.readAllLines(Path.of("docs/configuration.md")).stream()
            .dropWhile(line -> !line.equals("```yaml"))
            .skip(1)
            .takeWhile(line -> !line.equals("```"))
            .collect(Collectors.joining("\n"));
    Path secret = Files.writeString(directory.resolve("secret"), "s3cret");
    Files.writeString(
        directory.resolve("acme.yaml"), yaml.replace("/run/secrets/acme-ops", secret.toString()));

    assertThat(onlyOne(directory, Map.of("ACME_CI_SECRET", "s3cret")).rules().notifications())
        .hasSize(1);
  }

  private static DeclaredOrganization onlyOne(Path directory, Map<String, String> environment) {
    DeclaredFiles files =
        OrganizationFiles.read(
            directory,
            environment,
            new OrganizationFiles.Limits(
                28, CalculationLimits.DEFAULTS, RECEIVER_BESIDE, List.of()));
    assertThat(files.problems()).isEmpty();
    assertThat(files.warnings()).isEmpty();
    assertThat(files.organizations()).hasSize(1);
    return files.organizations().getFirst();
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
