package dev.tocsin.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCheckTest {
  private static final String GOOD =
      """
      organization: { id: 00000000-0000-0000-0000-000000000001, name: Acme, retentionDays: 7 }
      serviceUsers:
        - { name: ops, accessKey: k, secret: "${OPS_SECRET}", policies: [administrator] }
      webhooks:
        - code: ops
          name: Operations
          url: https://hooks.example.com
          credentials: { apiKey: k, secret: "${file:/run/secrets/that-is-not-here}" }
      """;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Command command =
      new Command(
          Map.of("TOCSIN_HTTP_PORT", "x"),
          new PrintStream(out, true, StandardCharsets.UTF_8),
          new PrintStream(err, true, StandardCharsets.UTF_8));

  @TempDir private Path home;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(home.resolve("organizations"));
    file = Files.writeString(home.resolve("organizations/acme.yaml"), GOOD);
  }

  /** As in a pull request: the change is there, the secrets are not. */
  @Test
  void a_file_that_nothing_is_wrong_with_is_good_without_its_secrets() {
    assertThat(check(file)).isEqualTo(Command.GOOD);
    assertThat(lines())
        .containsExactly(
            file
                + ":3: note: serviceUsers.secret: the variable OPS_SECRET is not set and has no"
                + " default",
            file
                + ":8: note: webhooks.credentials.secret: there is no file"
                + " /run/secrets/that-is-not-here",
            "good: 1 organization");
    assertThat(run("config", "check", file.toString(), "--secrets=check")).isEqualTo(Command.FOUND);
  }

  @Test
  void everything_that_is_wrong_is_a_line_with_its_file_and_line() throws IOException {
    Files.writeString(
        file,
        GOOD.replace("name: Acme", "nmae: Acme").replace("[administrator]", "[administrators]"));

    assertThat(check(home.resolve("organizations"))).isEqualTo(Command.FOUND);
    assertThat(lines())
        .anyMatch(line -> line.startsWith(file + ":1: organization.nmae: "))
        .anyMatch(line -> line.startsWith(file + ":3: serviceUsers.policies: "))
        .contains("3 problems");
  }

  @Test
  void the_limits_are_those_of_the_settings_which_are_checked_too() throws IOException {
    Files.writeString(home.resolve("tocsin.yaml"), "events: { retentionDays: 3 }\nhtp: {}\n");

    assertThat(check(file)).isEqualTo(Command.GOOD);
    assertThat(check(home)).isEqualTo(Command.FOUND);
    assertThat(lines())
        .anyMatch(line -> line.startsWith(home.resolve("tocsin.yaml") + ":2: htp: "))
        .anyMatch(line -> line.startsWith(file + ":1: organization.retentionDays: "))
        .contains("2 problems");
    assertThat(run("config", "check", file.toString(), "--settings", home.toString()))
        .isEqualTo(Command.FOUND);
  }

  @Test
  void machines_are_told_the_same() throws IOException {
    Files.writeString(file, GOOD.replace("name: Acme", "nmae: Acme"));

    assertThat(run("config", "check", "--json", file.toString())).isEqualTo(Command.FOUND);
    JsonObject told = new JsonObject(out.toString(StandardCharsets.UTF_8));
    assertThat(told.getBoolean("good")).isFalse();
    assertThat(told.getJsonArray("notes")).hasSize(2);
    assertThat(told.getJsonArray("problems").getJsonObject(0).getString("file"))
        .isEqualTo(file.toString());
    assertThat(told.getJsonArray("problems").getJsonObject(0).getInteger("line")).isEqualTo(1);
  }

  @Test
  void what_cannot_be_done_says_why() {
    for (List<String> given :
        List.of(
            List.<String>of(),
            List.of("config"),
            List.of("config", "chekc", "conf"),
            List.of("config", "check"),
            List.of("config", "check", "no-such-file.yaml"),
            List.of("config", "check", home.resolve("tocsin.yaml").toString()),
            List.of("config", "check", file.toString(), "--jsno"),
            List.of("config", "check", file.toString(), "--settings"),
            List.of("config", "check", file.toString(), "--secrets=no"),
            List.of("config", "diff", file.toString(), "--server", "here"),
            List.of("config", "diff", file.toString()))) {
      out.reset();
      err.reset();
      assertThat(command.run(given)).as("%s", given).isEqualTo(Command.FAILED);
      assertThat(out.size() + err.size()).as("%s", given).isPositive();
    }
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("tocsin: give --key or set TOCSIN_ACCESS_KEY" + System.lineSeparator());
  }

  private int check(Path path) {
    return run("config", "check", path.toString());
  }

  private int run(String... given) {
    out.reset();
    return command.run(List.of(given));
  }

  private List<String> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
