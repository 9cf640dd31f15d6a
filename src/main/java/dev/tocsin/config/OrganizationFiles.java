package dev.tocsin.config;

import dev.tocsin.access.Vocabulary;
import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.CatalogAdditions;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.config.DeclaredOrganization.Policy;
import dev.tocsin.config.DeclaredOrganization.Rules;
import dev.tocsin.config.DeclaredOrganization.ScheduledEvent;
import dev.tocsin.config.DeclaredOrganization.ServiceUser;
import dev.tocsin.config.DeclaredOrganization.Webhook;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.spelling.Nearest;
import dev.tocsin.webhook.AddressCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code organizations/*.yaml}: an organization a file, with its service users, policies,
 * entities, scheduled events, webhooks and notifications.
 */
public final class OrganizationFiles {
  /** Longest name or key, in characters. */
  static final int TEXT_LENGTH_MAX = 100;

  private static final Set<String> CATALOGS = Set.of("open", "closed");

  private static final Pattern UUID_FORM =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  /** What a user name of HTTP's Basic scheme may be (RFC 7617), without what clients escape. */
  private static final Pattern ACCESS_KEY = Pattern.compile("[!-9;-~]+");

  private static final Catalog SYSTEM = Catalog.system();

  private static final String RETENTION = "a whole number of days, 1 at least,";

  private final SecretSources sources;
  private final Limits limits;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final Map<OrganizationId, String> organizations = new HashMap<>();
  private final Map<String, String> accessKeys = new HashMap<>();

  private OrganizationFiles(SecretSources sources, Limits limits) {
    this.sources = sources;
    sources.keep(limits.own());
    this.limits = limits;
  }

  /**
   * What the server's settings allow.
   *
   * @param retentionDaysMax for how many days it keeps events
   * @param addresses which addresses webhooks may be sent to
   * @param own its own files and directories, which no organization's secret is read from
   */
  public record Limits(
      int retentionDaysMax,
      CalculationLimits calculations,
      AddressCheck addresses,
      List<Path> own) {
    public Limits {
      Objects.requireNonNull(calculations);
      Objects.requireNonNull(addresses);
      own = List.copyOf(own);
    }

    /** Those of a server without files, that sends to the public internet only. */
    public Limits(int retentionDaysMax, CalculationLimits calculations) {
      this(retentionDaysMax, calculations, new AddressCheck(List.of()), List.of());
    }

    /** Those of settings. */
    public static Limits of(Settings settings) {
      return new Limits(
          settings.retentionDays(),
          settings.calculations(),
          new AddressCheck(settings.delivery().allowedNetworks()),
          List.of(settings.secrets().keyFile(), settings.data().resolve("postgresql")));
    }
  }

  /**
   * Reads every file of a directory, which may be missing.
   *
   * @param environment the variables, which hold secrets
   */
  public static DeclaredFiles read(Path directory, Map<String, String> environment, Limits limits) {
    OrganizationFiles reader = new OrganizationFiles(SecretSources.all(environment), limits);
    return reader.read(reader.listed(directory));
  }

  /** Reads some files, as one. */
  public static DeclaredFiles read(List<Path> files, SecretSources secrets, Limits limits) {
    return new OrganizationFiles(secrets, limits).read(files);
  }

  private DeclaredFiles read(List<Path> files) {
    List<DeclaredOrganization> organizations =
        files.stream().map(this::file).flatMap(Optional::stream).toList();
    return new DeclaredFiles(files, organizations, problems, warnings, sources.files());
  }

  private List<Path> listed(Path directory) {
    try {
      return files(directory);
    } catch (UncheckedIOException e) {
      problems.add(new Problem(directory.toString(), "cannot be listed: " + e.getCause()));
      return List.of();
    }
  }

  /**
   * The files of a directory that declare organizations, in the order of their names.
   *
   * @throws UncheckedIOException when it cannot be listed
   */
  public static List<Path> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(OrganizationFiles::isOurs).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Editors keep their own files beside, with a dot before the name. */
  private static boolean isOurs(Path file) {
    return file.getFileName().toString().matches("[^.].*\\.ya?ml");
  }

  private Optional<DeclaredOrganization> file(Path file) {
    int before = problems.size();
    Optional<DeclaredOrganization> organization =
        text(file).flatMap(text -> YamlMap.of(text, problems)).map(this::organization);
    return problems.size() == before ? organization : Optional.empty();
  }

  private Optional<YamlText> text(Path file) {
    try {
      return Optional.of(new YamlText(file.toString(), Files.readString(file)));
    } catch (CharacterCodingException e) {
      problems.add(new Problem(file.toString(), "is not UTF-8 text"));
    } catch (IOException e) {
      problems.add(new Problem(file.toString(), "cannot be read: " + e));
    }
    return Optional.empty();
  }

  private DeclaredOrganization organization(YamlMap root) {
    YamlMap about = root.map("organization");
    boolean open = isOpen(about);
    List<CustomEntity> entities = DeclaredEntities.read(root.maps("entities"));
    Catalog catalog = SYSTEM.with(new CatalogAdditions(0, false, entities, List.of()));
    List<ScheduledEvent> scheduled =
        new DeclaredScheduledEvents(catalog).read(root.maps("scheduledEvents"));
    List<Policy> policies = new PolicySection(Vocabulary.of(catalog)).read(root.maps("policies"));
    List<ServiceUser> users =
        serviceUsers(root.maps("serviceUsers"), PolicySection.names(policies));
    List<ScheduledName> names = scheduled.stream().map(ScheduledEvent::name).toList();
    Rules rules = rules(root, SYSTEM.with(new CatalogAdditions(0, open, entities, names)));
    root.refuseOthers();
    DeclaredOrganization organization =
        new DeclaredOrganization(
            about.place("id"),
            id(about),
            about.text("name", TEXT_LENGTH_MAX),
            zone(about),
            retentionDays(about),
            users,
            policies,
            new DeclaredOrganization.Catalog(open, entities, scheduled),
            rules);
    about.refuseOthers();
    return organization;
  }

  private Rules rules(YamlMap root, Catalog catalog) {
    List<Webhook> webhooks =
        new WebhookSection(sources, limits.addresses(), warnings).read(root.maps("webhooks"));
    return new Rules(
        webhooks,
        new NotificationSection(catalog, limits.calculations(), webhooks, warnings)
            .read(root.maps("notifications")));
  }

  private OrganizationId id(YamlMap about) {
    String text = about.optionalText("id", TEXT_LENGTH_MAX, "");
    // UUID.fromString takes shorter forms too, which nobody means who writes one.
    if (!UUID_FORM.matcher(text).matches()) {
      about.problem("id", "a UUID such as 3f2b8c1e-5d4a-4c6b-9e7f-1a2b3c4d5e6f was expected");
      return new OrganizationId(new UUID(0, 0));
    }
    OrganizationId id = new OrganizationId(UUID.fromString(text));
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
      return ZoneOffset.UTC;
    }
  }

  /** The server's days are as good as none: then a later change of the server's counts. */
  private @Nullable Integer retentionDays(YamlMap about) {
    if (about.isEmpty("retentionDays")) {
      return null;
    }
    Integer days = about.wholeNumber("retentionDays", RETENTION);
    if (days == null) {
      return null;
    }
    if (days < 1) {
      about.problem("retentionDays", RETENTION + " was expected");
    } else if (days > limits.retentionDaysMax()) {
      about.problem(
          "retentionDays",
          "must not be more than events.retentionDays of the server, which is "
              + limits.retentionDaysMax()
              + "; give a shorter one, or leave it out");
    }
    return days == limits.retentionDaysMax() ? null : days;
  }

  private static boolean isOpen(YamlMap about) {
    String catalog = about.optionalText("catalog", TEXT_LENGTH_MAX, "closed");
    if (!CATALOGS.contains(catalog)) {
      about.problem(
          "catalog", "open or closed was expected" + Nearest.suggestion(catalog, CATALOGS));
    }
    return catalog.equals("open");
  }

  private List<ServiceUser> serviceUsers(List<YamlMap> users, Set<String> policies) {
    Map<String, String> names = new HashMap<>();
    return users.stream().map(user -> serviceUser(user, names, policies)).toList();
  }

  private ServiceUser serviceUser(YamlMap user, Map<String, String> names, Set<String> policies) {
    String name = user.text("name", TEXT_LENGTH_MAX);
    refuseSecond(user, "name", name, names);
    String accessKey = user.text("accessKey", TEXT_LENGTH_MAX);
    refuseSecond(user, "accessKey", accessKey, accessKeys);
    if (!accessKey.isEmpty() && !ACCESS_KEY.matcher(accessKey).matches()) {
      user.problem("accessKey", "visible ASCII characters except the colon were expected");
    }
    String secret = Reference.resolve(user, "secret", sources);
    ServiceUser declared = new ServiceUser(name, accessKey, secret, policies(user, policies));
    user.refuseOthers();
    return declared;
  }

  /** Notes that a value is another one's, too, of those whose places are given. */
  static void refuseSecond(YamlMap user, String key, String value, Map<String, String> places) {
    String other = value.isEmpty() ? null : places.putIfAbsent(value, user.place(key));
    if (other != null) {
      user.problem(key, "is used already, in " + other);
    }
  }

  private static List<String> policies(YamlMap user, Set<String> known) {
    List<YamlMap.Text> policies = user.texts("policies", TEXT_LENGTH_MAX);
    for (YamlMap.Text policy : policies) {
      if (!known.contains(policy.value())) {
        user.problem(
            policy.place(),
            "policies",
            "neither administrator nor a policy of this file is so named"
                + Nearest.suggestion(policy.value(), known));
      }
    }
    if (policies.isEmpty()) {
      user.problem("policies", "a service user must have one, such as [administrator]");
    }
    return policies.stream().map(YamlMap.Text::value).distinct().toList();
  }
}
