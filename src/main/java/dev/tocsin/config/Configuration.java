package dev.tocsin.config;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Everything the operator wrote, and what tells when he writes something else.
 *
 * @param settingsWatch tells what is changed since before the settings were read
 * @param organizationWatch tells first what the organizations' files say
 */
public record Configuration(
    Settings settings,
    DeclaredFiles files,
    SettingsWatch settingsWatch,
    OrganizationWatch organizationWatch) {
  /** The file of a configuration directory that holds the server's settings. */
  public static final String SETTINGS = "tocsin.yaml";

  private static final String ORGANIZATIONS = "organizations";

  public Configuration {
    Objects.requireNonNull(settings);
    Objects.requireNonNull(files);
    Objects.requireNonNull(settingsWatch);
    Objects.requireNonNull(organizationWatch);
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
    InstantSource clock = InstantSource.system();
    SettingsWatch settingsWatch = new SettingsWatch(directory.resolve(SETTINGS), clock);
    Settings settings = SettingsReader.read(vertx, directory, environment, problems);
    OrganizationFiles.Limits limits = OrganizationFiles.Limits.of(settings);
    Path organizations = directory.resolve(ORGANIZATIONS);
    DeclaredFiles files = OrganizationFiles.read(organizations, environment, limits);
    problems.addAll(files.problems());
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return new Configuration(
        settings,
        files,
        settingsWatch,
        new OrganizationWatch(organizations, environment, limits, clock));
  }
}
