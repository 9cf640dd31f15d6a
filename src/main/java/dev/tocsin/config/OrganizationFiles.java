package dev.tocsin.config;

import dev.tocsin.config.DeclaredOrganization.ServiceUser;
import dev.tocsin.event.OrganizationId;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads {@code organizations/*.yaml}: an organization a file, with the service users it has. */
public final class OrganizationFiles {
  /** Longest name or key, in characters. */
  static final int TEXT_LENGTH_MAX = 100;

  private static final List<String> NOT_YET =
      List.of("policies", "entities", "webhooks", "notifications", "scheduledEvents");

  private final Map<String, String> environment;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<OrganizationId, String> organizations = new HashMap<>();
  private final Map<String, String> accessKeys = new HashMap<>();

  private OrganizationFiles(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Reads every file of a directory, which may be missing.
   *
   * @throws ConfigurationException listing everything that is wrong in any of them
   */
  public static List<DeclaredOrganization> read(Path directory, Map<String, String> environment) {
    OrganizationFiles reader = new OrganizationFiles(environment);
    List<DeclaredOrganization> declared = new ArrayList<>();
    for (Path file : files(directory)) {
      DeclaredOrganization organization = reader.file(file);
      if (organization != null) {
        declared.add(organization);
      }
    }
    if (!reader.problems.isEmpty()) {
      throw new ConfigurationException(reader.problems);
    }
    return declared;
  }

  private static List<Path> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().matches(".*\\.ya?ml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new ConfigurationException(
          List.of(new Problem(directory.toString(), "cannot be listed: " + e.getMessage())));
    }
  }

  private @Nullable DeclaredOrganization file(Path file) {
    int before = problems.size();
    try (Reader text = Files.newBufferedReader(file)) {
      LoaderOptions options = new LoaderOptions();
      options.setAllowDuplicateKeys(false);
      options.setMaxAliasesForCollections(0);
      YamlMap root =
          YamlMap.compose(new Yaml(new SafeConstructor(options)), text, file.toString(), problems);
      DeclaredOrganization organization = root == null ? null : organization(root);
      return problems.size() == before ? organization : null;
    } catch (IOException | YAMLException e) {
      problems.add(new Problem(file.toString(), String.valueOf(e.getMessage())));
      return null;
    }
  }

  private @Nullable DeclaredOrganization organization(YamlMap root) {
    for (String section : NOT_YET) {
      if (!root.isEmpty(section)) {
        root.problem(
            section, "this version takes these through the API only; leave the section empty");
      }
    }
    YamlMap about = root.map("organization");
    List<ServiceUser> users = root.maps("serviceUsers").stream().map(this::serviceUser).toList();
    root.refuseOthers();
    if (about == null) {
      return null;
    }
    OrganizationId id = id(about);
    String name = about.text("name", TEXT_LENGTH_MAX);
    ZoneId zone = zone(about);
    about.refuseOthers();
    return new DeclaredOrganization(id, name, zone, users);
  }

  private OrganizationId id(YamlMap about) {
    String text = about.text("id", TEXT_LENGTH_MAX);
    OrganizationId id = new OrganizationId(new UUID(0, 0));
    try {
      id = new OrganizationId(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      about.problem("id", "a UUID was expected");
      return id;
    }
    String other = organizations.putIfAbsent(id, about.place("id"));
    if (other != null) {
      about.problem("id", "the organization is declared already, in " + other);
    }
    return id;
  }

  private static ZoneId zone(YamlMap about) {
    String text = about.optionalText("timeZone", TEXT_LENGTH_MAX, "UTC");
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      about.problem(
          "timeZone",
          "a time zone such as UTC or Europe/Paris was expected"
              + Nearest.suggestion(text, ZoneId.getAvailableZoneIds()));
      return ZoneId.of("UTC");
    }
  }

  private ServiceUser serviceUser(YamlMap user) {
    String accessKey = user.text("accessKey", TEXT_LENGTH_MAX);
    String other = accessKeys.putIfAbsent(accessKey, user.place("accessKey"));
    if (other != null) {
      user.problem("accessKey", "the access key is used already, in " + other);
    }
    ServiceUser declared =
        new ServiceUser(
            user.text("name", TEXT_LENGTH_MAX),
            accessKey,
            Reference.resolve(user, "secret", environment),
            user.texts("policies", TEXT_LENGTH_MAX));
    user.refuseOthers();
    return declared;
  }
}
