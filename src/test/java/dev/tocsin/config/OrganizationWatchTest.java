package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.rule.CalculationLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrganizationWatchTest {
  private static final String ACME =
      """
      organization: { id: 00000000-0000-0000-0000-000000000001, name: Acme }
      serviceUsers:
        - { name: ops, accessKey: k, secret: "${file:secret}", policies: [administrator] }
      """;

  @TempDir private Path directory;

  private OrganizationWatch watch;

  @BeforeEach
  void open() throws IOException {
    write("secret", "s1");
    watch =
        new OrganizationWatch(
            directory,
            Map.of(),
            new OrganizationFiles.Limits(28, CalculationLimits.DEFAULTS),
            InstantSource.system());
  }

  @Test
  void what_files_say_is_told_when_two_looks_found_the_same_and_not_again() throws IOException {
    write("bolt.yaml", "organization: { id: 00000000-0000-0000-0000-000000000002, name: Bolt }");
    assertThat(watch.look()).isEmpty();
    assertThat(names(watch.look())).containsExactly("Bolt");
    assertThat(watch.look()).isEmpty();
    assertThat(watch.look()).isEmpty();
  }

  /** What a file says half-way must not be taken for what its writer means. */
  @Test
  void a_file_that_is_another_at_each_look_is_not_taken_before_it_stays_the_same()
      throws IOException {
    for (String part : List.of(ACME.substring(0, 60), ACME.substring(0, 90), ACME)) {
      write("acme.yaml", part);
      assertThat(watch.look()).isEmpty();
    }
    assertThat(watch.look()).as("the file of the secret is looked at, too").isEmpty();
    assertThat(names(watch.look())).containsExactly("Acme");
  }

  @Test
  void a_change_is_told_at_the_second_look_and_one_that_was_taken_back_is_not() throws IOException {
    takeAcme();
    write("acme.yaml", ACME.replace("Acme", "Acme 2"));
    assertThat(watch.look()).isEmpty();
    assertThat(names(watch.look())).containsExactly("Acme 2");

    write("acme.yaml", "organization:");
    assertThat(watch.look()).isEmpty();
    write("acme.yaml", ACME.replace("Acme", "Acme 2"));
    assertThat(watch.look()).isEmpty();
    assertThat(watch.look()).isEmpty();
  }

  @Test
  void a_file_that_is_gone_and_a_new_one_are_changes() throws IOException {
    takeAcme();
    Files.delete(directory.resolve("acme.yaml"));
    write("bolt.yml", "organization: { id: 00000000-0000-0000-0000-000000000002, name: Bolt }");
    write(".other.yaml", "no file of ours");
    assertThat(watch.look()).isEmpty();
    assertThat(names(watch.look())).containsExactly("Bolt");
  }

  /** As Kubernetes mounts it: links that lead through another, which is exchanged at once. */
  @Test
  void files_of_a_mounted_directory_are_exchanged_together() throws IOException {
    mount("first", "Acme", "Bolt");
    Files.createSymbolicLink(directory.resolve("..data"), directory.resolve("..first"));
    for (String name : List.of("Acme", "Bolt")) {
      String file = name + ".yaml";
      Files.createSymbolicLink(directory.resolve(file), Path.of("..data", file));
    }
    assertThat(watch.look()).isEmpty();
    assertThat(names(watch.look())).containsExactly("Acme", "Bolt");

    mount("second", "Acme 2", "Bolt 2");
    assertThat(watch.look()).isEmpty();
    Path next =
        Files.createSymbolicLink(directory.resolve("..next"), directory.resolve("..second"));
    Files.move(next, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    assertThat(watch.look()).isEmpty();
    assertThat(names(watch.look())).containsExactly("Acme 2", "Bolt 2");
  }

  private void mount(String name, String acme, String bolt) throws IOException {
    Files.createDirectory(directory.resolve(".." + name));
    String file = "organization: { id: 00000000-0000-0000-0000-00000000000%d, name: %s }";
    write(".." + name + "/Acme.yaml", file.formatted(1, acme));
    write(".." + name + "/Bolt.yaml", file.formatted(2, bolt));
  }

  @Test
  void another_secret_in_its_file_is_a_change() throws IOException {
    takeAcme();
    write("secret", "s2");
    assertThat(watch.look()).isEmpty();
    assertThat(watch.look().orElseThrow().organizations().getFirst().serviceUsers().getFirst())
        .extracting(DeclaredOrganization.ServiceUser::secret)
        .isEqualTo("s2");
  }

  @Test
  void what_is_wrong_is_told_once_until_it_is_another() throws IOException {
    takeAcme();
    write("acme.yaml", "organization: { id: x, name: '', zone: UTC }");
    assertThat(watch.look()).isEmpty();
    assertThat(watch.look().orElseThrow().problems()).hasSize(3);
    assertThat(watch.look()).isEmpty();
    write("acme.yaml", ACME);
    takeAgain();
  }

  private void takeAcme() throws IOException {
    write("acme.yaml", ACME);
    assertThat(watch.look()).isEmpty();
    takeAgain();
  }

  /** It takes a look more when a secret was not looked at before. */
  private void takeAgain() {
    Optional<DeclaredFiles> told = Optional.empty();
    for (int look = 0; look < 3 && told.isEmpty(); look++) {
      told = watch.look();
    }
    assertThat(names(told)).containsExactly("Acme");
  }

  @Test
  void settings_that_were_changed_are_told_once() throws IOException {
    Path file = write("tocsin.yaml", "http: { port: 1 }");
    SettingsWatch settings = new SettingsWatch(file, InstantSource.system());
    assertThat(settings.look()).isEmpty();
    assertThat(settings.look()).isEmpty();

    write("tocsin.yaml", "http: { port: 2 }");
    assertThat(settings.look()).isEmpty();
    assertThat(settings.look()).contains(file);
    assertThat(settings.look()).isEmpty();
  }

  private static List<String> names(Optional<DeclaredFiles> files) {
    DeclaredFiles told = files.orElseThrow();
    assertThat(told.problems()).isEmpty();
    return told.organizations().stream().map(DeclaredOrganization::name).toList();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
