package dev.tocsin.config;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Everything the operator wrote. */
public record Configuration(Settings settings, DeclaredFiles files) {
  public Configuration {
    Objects.requireNonNull(settings);
    Objects.requireNonNull(files);
  }

  /** The organizations that the files declare. */
  public List<DeclaredOrganization> organizations() {
    return files.organizations();
  }

  /**
   * Reads a directory with {@code tocsin.yaml} and {@code organizations/}, each of which may be
   * missing; waits for the files, so not on an event loop.
   *
   * @param environment the variables, which override the settings and hold secrets
   * @throws ConfigurationException listing everything that is wrong in any file or variable
   */
  public static Configuration read(Vertx vertx, Path directory, Map<String, String> environment) {
    List<Problem> problems = new ArrayList<>();
    Settings settings = SettingsReader.read(vertx, directory, environment, problems);
    DeclaredFiles files =
        OrganizationFiles.read(
            directory.resolve("organizations"), environment, OrganizationFiles.Limits.of(settings));
    problems.addAll(files.problems());
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return new Configuration(settings, files);
  }
}
