package dev.tocsin.config;

import dev.tocsin.rule.CalculationLimits;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** Reads the settings of {@code tocsin.yaml} and of the variables that override them. */
public final class SettingsReader {
  /** Variables that are ours and no setting: the scripts read them, or they say where we are. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of("TOCSIN_CONF", "TOCSIN_JAVA_HOME", "TOCSIN_JAVA_OPTIONS");

  private static final String FILE = "tocsin.yaml";
  private static final Duration DAY = Duration.ofDays(1);

  private final JsonObject file;
  private final Map<String, String> environment;
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> keys = new LinkedHashSet<>();
  private final List<Section> sections = new ArrayList<>();

  private SettingsReader(JsonObject file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  /**
   * Reads the settings; waits for the file, so not on an event loop.
   *
   * @param directory the one with {@code tocsin.yaml}, which may be missing: every key has a
   *     default
   * @throws ConfigurationException listing everything that is wrong
   */
  public static Settings read(Vertx vertx, Path directory, Map<String, String> environment) {
    Path path = directory.resolve(FILE);
    if (!Files.exists(path)) {
      return parse(new JsonObject(), environment);
    }
    ConfigStoreOptions store =
        new ConfigStoreOptions()
            .setType("file")
            .setFormat("yaml")
            .setConfig(new JsonObject().put("path", path.toAbsolutePath().toString()));
    ConfigRetriever retriever =
        ConfigRetriever.create(vertx, new ConfigRetrieverOptions().addStore(store));
    try {
      return parse(
          retriever.getConfig().toCompletionStage().toCompletableFuture().join(), environment);
    } catch (CompletionException e) {
      String reason = String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
      throw new ConfigurationException(List.of(new Problem(path.toString(), reason)));
    } finally {
      retriever.close();
    }
  }

  /** Reads the settings from what the file holds. */
  static Settings parse(JsonObject file, Map<String, String> environment) {
    SettingsReader reader = new SettingsReader(file, environment);
    Settings settings = reader.settings();
    reader.refuseUnknown();
    if (!reader.problems.isEmpty()) {
      throw new ConfigurationException(reader.problems);
    }
    return settings;
  }

  /** Every key there is, with the section's name before it. */
  static Set<String> allKeys() {
    SettingsReader reader = new SettingsReader(new JsonObject(), Map.of());
    reader.settings();
    reader.refuseUnknown();
    return reader.keys;
  }

  private Section section(String name) {
    JsonObject values = file;
    if (!name.isEmpty()) {
      values =
          switch (file.getValue(name)) {
            case null -> new JsonObject();
            case JsonObject object -> object;
            case Object other -> {
              problems.add(new Problem(FILE, name + ": a section was expected"));
              yield new JsonObject();
            }
          };
    }
    Section section = new Section(name, values, FILE, environment, problems);
    sections.add(section);
    return section;
  }

  private Settings settings() {
    Path data = Path.of(section("").text("data", "data"));
    Section postgres = section("postgres");
    return new Settings(
        http(section("http")),
        data,
        postgres.optionalText("uri"),
        postgres(postgres),
        ingest(section("ingest")),
        evaluate(section("evaluate")),
        section("idempotency")
            .duration("window", Duration.ofDays(28), Duration.ofHours(1), Duration.ofDays(366)),
        section("events").integer("partitionDaysAhead", 7, 1, 60),
        delivery(section("delivery")),
        calculations(section("calculations")),
        section("tokens")
            .duration("validity", Duration.ofHours(5), Duration.ofMinutes(1), Duration.ofDays(1)),
        secrets(section("secrets"), data),
        section("clock")
            .duration("offset", Duration.ZERO, Duration.ofDays(-3660), Duration.ofDays(3660)),
        section("shutdown").duration("within", Duration.ofSeconds(10), Duration.ofSeconds(1), DAY));
  }

  private static Settings.Http http(Section http) {
    return new Settings.Http(
        http.text("host", "127.0.0.1"),
        http.integer("port", 8480, 0, 65_535),
        (int) http.bytes("bodyBytesMax", 5 << 20, 1 << 10, 64 << 20),
        http.integer("managementInFlightMax", 64, 1, 10_000),
        http.integer("managementQueueMax", 512, 0, 100_000),
        http.integer("managementPerOrganizationMax", 64, 1, 100_000));
  }

  private static Settings.Postgres postgres(Section postgres) {
    return new Settings.Postgres(
        postgres.integer("poolSize", 10, 2, 1_000),
        postgres.integer("waitersMax", 1_000, 1, 100_000),
        postgres.duration(
            "statementTimeout",
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5)));
  }

  private static Settings.Ingest ingest(Section ingest) {
    return new Settings.Ingest(
        ingest.integer("batchEventsMax", 1_000, 1, 10_000),
        (int) ingest.bytes("eventBytesMax", 256 << 10, 1 << 10, 16 << 20),
        ingest.integer("inFlightEventsMax", 20_000, 1, 10_000_000),
        ingest.bytes("inFlightBytesMax", 256L << 20, 1 << 20, 64L << 30),
        ingest.integer("organizationInFlightEventsMax", 10_000, 1, 10_000_000),
        ingest.duration(
            "answerWithin", Duration.ofSeconds(20), Duration.ofSeconds(1), Duration.ofMinutes(5)),
        ingest.duration(
            "retryAfter", Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMinutes(5)));
  }

  private static Settings.Evaluate evaluate(Section evaluate) {
    return new Settings.Evaluate(
        evaluate.integer("instances", 0, 0, 256),
        evaluate.integer("commitEventsMax", 1_000, 1, 10_000),
        (int) evaluate.bytes("commitBytesMax", 4 << 20, 64 << 10, 256 << 20),
        evaluate.integer("actorsMax", 10_000, 1, 10_000_000),
        evaluate.duration(
            "unavailablePause",
            Duration.ofMillis(200),
            Duration.ofMillis(10),
            Duration.ofMinutes(1)));
  }

  private static Settings.Delivery delivery(Section delivery) {
    return new Settings.Delivery(
        delivery.integer("instances", 0, 0, 256),
        delivery.duration(
            "timeout", Duration.ofSeconds(15), Duration.ofMillis(100), Duration.ofMinutes(5)),
        delivery.duration("lease", Duration.ofSeconds(60), Duration.ofSeconds(1), DAY),
        delivery.integer("perWebhookConcurrency", 16, 1, 10_000),
        delivery.integer("perWebhookQueueMax", 1_000, 1, 1_000_000),
        delivery.integer("inFlightMax", 1_024, 1, 100_000),
        delivery.integer("queueMax", 10_000, 1, 10_000_000),
        delivery.durations("retryDelays", retryDelays(), 50),
        delivery.fraction("jitter", 0.2, 0, 0.9),
        (int) delivery.bytes("responseBytesMax", 64 << 10, 1, 16 << 20),
        (int) delivery.bytes("keptResponseBytes", 4 << 10, 0, 64 << 10),
        delivery.duration("retryAfterMax", DAY, Duration.ofSeconds(1), Duration.ofDays(7)),
        delivery.duration(
            "sweepEvery", Duration.ofSeconds(1), Duration.ofMillis(10), Duration.ofMinutes(10)),
        delivery.integer("sweepBatch", 500, 1, 10_000),
        delivery.integer("outcomeBatchMax", 1_000, 1, 10_000));
  }

  /** Ten attempts over two days: a receiver may be away for a night and a day. */
  private static List<Duration> retryDelays() {
    return Stream.of("PT5S", "PT30S", "PT2M", "PT10M", "PT1H", "PT3H", "PT6H", "PT12H", "PT24H")
        .map(Duration::parse)
        .toList();
  }

  private static CalculationLimits calculations(Section limits) {
    CalculationLimits presets = CalculationLimits.DEFAULTS;
    return new CalculationLimits(
        limits.integer("lengthMax", presets.lengthMax(), 1, 1_000_000),
        limits.integer("nodesMax", presets.nodesMax(), 1, 100_000),
        limits.integer("depthMax", presets.depthMax(), 1, 200),
        limits.integer("literalDigitsMax", presets.literalDigitsMax(), 1, 1_000),
        limits.integer("listMax", presets.listMax(), 1, 100_000),
        limits.integer("exponentMax", presets.exponentMax(), 1, 10_000),
        limits.integer("resultDigitsMax", presets.resultDigitsMax(), 1, 10_000),
        limits.integer("resultTextMax", presets.resultTextMax(), 1, 1_000_000));
  }

  private static Settings.Secrets secrets(Section secrets, Path data) {
    String keyFile = secrets.optionalText("keyFile");
    return new Settings.Secrets(
        secrets.optionalText("key"),
        keyFile == null ? data.resolve("secrets.key") : Path.of(keyFile));
  }

  private void refuseUnknown() {
    sections.forEach(section -> keys.addAll(section.keys()));
    file.forEach(entry -> {
      if (entry.getValue() instanceof JsonObject section) {
        section.fieldNames().forEach(key -> refuseUnknown(entry.getKey() + "." + key));
      } else {
        refuseUnknown(entry.getKey());
      }
    });
    Set<String> variables = new LinkedHashSet<>(OTHER_VARIABLES);
    keys.forEach(key -> variables.add(Section.variable(key)));
    environment.keySet().stream()
        .filter(variable -> variable.startsWith("TOCSIN_") && !variables.contains(variable))
        .sorted()
        .forEach(variable ->
            problems.add(
                new Problem(
                    variable,
                    "there is no such variable" + Nearest.suggestion(variable, variables))));
  }

  private void refuseUnknown(String key) {
    if (!keys.contains(key) && sections.stream().noneMatch(section -> section.isNamed(key))) {
      problems.add(
          new Problem(FILE, key + ": there is no such key" + Nearest.suggestion(key, keys)));
    }
  }
}
