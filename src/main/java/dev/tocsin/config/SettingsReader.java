package dev.tocsin.config;

import dev.tocsin.access.LookUpLimits;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.TierLimits;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the settings of {@code tocsin.yaml} and of the variables that override them. */
public final class SettingsReader {
  private static final String FILE = Configuration.SETTINGS;

  /** Form only; the store reads it, and knows what its parameters may be. */
  private static final Pattern POSTGRES_URI = Pattern.compile("postgres(ql)?://[^:]+:.*@[^@/]+/.+");

  private static final Duration DAY = Duration.ofDays(1);

  private final YamlMap file;
  private final Map<String, String> environment;
  private final List<Problem> problems;
  private final Map<String, YamlMap> sections = new LinkedHashMap<>();
  private final Map<String, Section.Key> keys = new LinkedHashMap<>();

  private SettingsReader(YamlMap file, Map<String, String> environment, List<Problem> problems) {
    this.file = file;
    this.environment = environment;
    this.problems = problems;
  }

  /**
   * Reads the settings; waits for the file, so not on an event loop.
   *
   * @param directory the one with {@code tocsin.yaml}, which may be missing: every key has a
   *     default
   * @throws ConfigurationException listing everything that is wrong
   */
  public static Settings read(Vertx vertx, Path directory, Map<String, String> environment) {
    List<Problem> problems = new ArrayList<>();
    Settings settings = read(vertx, directory, environment, problems);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return settings;
  }

  /** Likewise, noting the problems instead; what was not right has its default. */
  static Settings read(
      Vertx vertx, Path directory, Map<String, String> environment, List<Problem> problems) {
    Path path = directory.resolve(FILE);
    if (!Files.isDirectory(directory)) {
      problems.add(
          new Problem(
              directory.toString(), "there is no such directory; TOCSIN_CONF names another"));
    }
    String text = Files.exists(path) ? text(vertx, path, problems) : "";
    return parse(new YamlText(path.toString(), text), environment, problems);
  }

  /** The file as it stands: a parser of Vert.x's would lose the lines and let keys stand twice. */
  private static String text(Vertx vertx, Path path, List<Problem> problems) {
    ConfigStoreOptions store =
        new ConfigStoreOptions()
            .setType("file")
            .setFormat("raw")
            .setConfig(
                new JsonObject()
                    .put("path", path.toAbsolutePath().toString())
                    .put("raw.key", FILE)
                    .put("raw.type", "string"));
    ConfigRetriever retriever =
        ConfigRetriever.create(vertx, new ConfigRetrieverOptions().addStore(store));
    try {
      return retriever
          .getConfig()
          .toCompletionStage()
          .toCompletableFuture()
          .join()
          .getString(FILE, "");
    } catch (CompletionException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      problems.add(new Problem(path.toString(), "cannot be read: " + reason));
      return "";
    } finally {
      retriever.close();
    }
  }

  /** The settings where no file says anything else. */
  public static Settings defaults() {
    return parse(new YamlText(FILE, ""), Map.of(), new ArrayList<>());
  }

  /**
   * The settings of a file alone, without variables that override them.
   *
   * @param directory the one with {@code tocsin.yaml}, which may be missing
   * @param problems where to note what is wrong
   */
  public static Settings readFile(Path directory, List<Problem> problems) {
    Path path = directory.resolve(FILE);
    try {
      String text = Files.exists(path) ? Files.readString(path) : "";
      return parse(new YamlText(path.toString(), text), Map.of(), problems);
    } catch (IOException e) {
      problems.add(new Problem(path.toString(), "cannot be read: " + e));
      return defaults();
    }
  }

  /** Reads the settings from the text of a file. */
  static Settings parse(YamlText text, Map<String, String> environment, List<Problem> problems) {
    return parse(text, environment, problems, RetiredKeys.ALL);
  }

  /** The same, with keys that there were once. */
  static Settings parse(
      YamlText text, Map<String, String> environment, List<Problem> problems, RetiredKeys retired) {
    YamlMap file = YamlMap.of(text, problems).orElseGet(() -> YamlMap.empty(text.file(), problems));
    SettingsReader reader = new SettingsReader(file, environment, problems);
    Settings settings = reader.settings();
    UnknownKeys unknown =
        new UnknownKeys(file, reader.sections, reader.keys.keySet(), retired, problems);
    unknown.refuse();
    unknown.refuseVariables(environment);
    problems.addAll(Coherence.problems(settings, reader.keys));
    return settings;
  }

  /** Every key there is, with the section's name before it. */
  static Map<String, Section.Key> allKeys() {
    YamlMap nothing = YamlMap.empty(FILE, new ArrayList<>());
    SettingsReader reader = new SettingsReader(nothing, Map.of(), new ArrayList<>());
    reader.settings();
    return reader.keys;
  }

  private Section section(String name) {
    YamlMap values = name.isEmpty() ? file : file.map(name);
    sections.put(name, values);
    return new Section(name, values, environment, problems, keys);
  }

  private Settings settings() {
    Path data = section("").path("data", Path.of("data"));
    Section postgres = section("postgres");
    Section calculations = section("calculations");
    return new Settings(
        http(section("http")),
        data,
        postgres.optionalText(
            "uri", POSTGRES_URI, "a URI such as postgresql://user:password@host:5432/database"),
        postgres(postgres),
        ingest(section("ingest")),
        evaluate(section("evaluate")),
        catalog(section("catalog")),
        section("idempotency")
            .duration("window", Duration.ofDays(28), Duration.ofHours(1), Duration.ofDays(366)),
        section("events").integer("retentionDays", 28, 1, 366),
        section("events").integer("partitionDaysAhead", 7, 1, 60),
        section("events")
            .duration(
                "expireEvery", Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofHours(1)),
        section("events").integer("expireBatch", 1_000, 1, 100_000),
        section("events")
            .duration(
                "indexEvery", Duration.ofSeconds(2), Duration.ofMillis(50), Duration.ofMinutes(1)),
        section("files")
            .duration(
                "lookEvery", Duration.ofMillis(250), Duration.ofMillis(50), Duration.ofMinutes(1)),
        StreamSection.stream(section("stream")),
        StreamSection.bus(section("bus")),
        delivery(section("delivery")),
        schedule(section("schedule")),
        calculations(calculations),
        compiling(calculations),
        explanations(calculations),
        section("tokens")
            .duration("validity", Duration.ofHours(5), Duration.ofMinutes(1), Duration.ofDays(1)),
        access(section("access")),
        SecretsSection.read(section("secrets"), data),
        ClusterSection.read(section("cluster")),
        section("clock")
            .duration("offset", Duration.ZERO, Duration.ofDays(-3660), Duration.ofDays(3660)),
        section("shutdown").duration("within", Duration.ofSeconds(10), Duration.ofSeconds(1), DAY),
        section("shutdown")
            .duration("unreadyFor", Duration.ZERO, Duration.ZERO, Duration.ofMinutes(5)));
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
        ingest.duration("aheadMax", DAY, Duration.ZERO, Duration.ofDays(36_600)),
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
        evaluate.integer("commitsMax", 2, 1, 16),
        evaluate.integer("commitBesideFrom", 100, 1, 10_000),
        evaluate.integer("actorsMax", 10_000, 1, 10_000_000),
        evaluate.duration(
            "countsEvery", Duration.ofSeconds(1), Duration.ofMillis(10), Duration.ofMinutes(1)),
        evaluate.integer("countsMax", 200_000, 1, 10_000_000),
        evaluate.integer("countsBatch", 1_000, 1, 10_000),
        evaluate.duration(
            "unavailablePause",
            Duration.ofMillis(200),
            Duration.ofMillis(10),
            Duration.ofMinutes(1)));
  }

  private static Settings.Catalog catalog(Section catalog) {
    return new Settings.Catalog(
        catalog.integer("entitiesMax", 200, 0, 10_000),
        catalog.integer("scheduledEventsMax", 200, 0, 10_000),
        catalog.integer("heldMax", 10_000, 1, 10_000_000),
        catalog.duration(
            "refreshEvery", Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofMinutes(10)),
        catalog.integer("learnedFieldsMax", 5_000, 0, 100_000),
        catalog.integer("learnedFieldsPerTypeMax", 500, 0, 100_000),
        catalog.integer("learnedDepthMax", 5, 1, 64),
        catalog.integer("learnedPathLengthMax", 200, 1, 1_000),
        catalog.integer("learnedShapesMax", 1_000, 1, 1_000_000),
        catalog.integer("learnedRememberedMax", 500_000, 1, 100_000_000),
        catalog.integer("learnedPendingMax", 10_000, 1, 1_000_000),
        catalog.duration(
            "learnEvery", Duration.ofSeconds(1), Duration.ofMillis(10), Duration.ofMinutes(10)),
        catalog.duration("seenEvery", Duration.ofHours(1), Duration.ofMinutes(1), DAY));
  }

  private static Settings.Schedule schedule(Section schedule) {
    return new Settings.Schedule(
        schedule.duration("lateWindow", DAY, Duration.ZERO, Duration.ofDays(366)),
        schedule.duration(
            "pollEvery", Duration.ofMillis(500), Duration.ofMillis(10), Duration.ofMinutes(1)),
        schedule.duration("lease", Duration.ofMinutes(1), Duration.ofSeconds(1), DAY),
        schedule.integer("batchMax", 1_000, 1, 10_000),
        (int) schedule.bytes("batchBytesMax", 4 << 20, 64 << 10, 256 << 20),
        schedule.integer("batchesMax", 10, 1, 1_000),
        schedule.integer("perOrganizationBatchesMax", 3, 1, 1_000),
        schedule.integer("armingBatch", 500, 1, 10_000));
  }

  private static Settings.Delivery delivery(Section delivery) {
    return new Settings.Delivery(
        delivery.integer("instances", 0, 0, 256),
        delivery.duration(
            "timeout", Duration.ofSeconds(15), Duration.ofMillis(100), Duration.ofMinutes(5)),
        delivery.duration("lease", Duration.ofSeconds(60), Duration.ofSeconds(1), DAY),
        delivery.integer("perWebhookConcurrency", 16, 1, 10_000),
        delivery.integer("perWebhookQueueMax", 1_000, 1, 1_000_000),
        delivery.integer("perOrganizationConcurrency", 256, 1, 100_000),
        delivery.integer("perOrganizationQueueMax", 2_500, 1, 10_000_000),
        delivery.integer("inFlightMax", 1_024, 1, 100_000),
        delivery.integer("queueMax", 10_000, 1, 10_000_000),
        delivery.durations("retryDelays", retryDelays(), 50, Duration.ZERO, Duration.ofDays(7)),
        delivery.fraction("jitter", 0.2, 0, 0.9),
        (int) delivery.bytes("responseBytesMax", 64 << 10, 1, 16 << 20),
        (int) delivery.bytes("keptResponseBytes", 4 << 10, 0, 64 << 10),
        delivery.duration("retryAfterMax", DAY, Duration.ofSeconds(1), Duration.ofDays(7)),
        delivery.duration(
            "sweepEvery", Duration.ofSeconds(1), Duration.ofMillis(10), Duration.ofMinutes(10)),
        delivery.integer("sweepBatch", 500, 1, 10_000),
        delivery.integer("outcomeBatchMax", 1_000, 1, 10_000),
        delivery.integer("failureBatch", 100, 1, 1_000),
        delivery.duration(
            "disableAfter", Duration.ofDays(3), Duration.ofHours(1), Duration.ofDays(28)),
        delivery.networks("allowedNetworks", 100));
  }

  /** Ten attempts over two days: a receiver may be away for a night and a day. */
  private static List<Duration> retryDelays() {
    return Stream.of("PT5S", "PT30S", "PT2M", "PT10M", "PT1H", "PT3H", "PT6H", "PT12H", "PT24H")
        .map(Duration::parse)
        .toList();
  }

  private static CalculationLimits calculations(Section limits) {
    CalculationLimits presets = CalculationLimits.DEFAULTS;
    CalculationLimits largest = CalculationLimits.LARGEST;
    return new CalculationLimits(
        limits.integer("lengthMax", presets.lengthMax(), 1, largest.lengthMax()),
        limits.integer("nodesMax", presets.nodesMax(), 1, largest.nodesMax()),
        limits.integer("depthMax", presets.depthMax(), 1, largest.depthMax()),
        limits.integer(
            "literalDigitsMax", presets.literalDigitsMax(), 1, largest.literalDigitsMax()),
        limits.integer("listMax", presets.listMax(), 1, largest.listMax()),
        limits.integer("exponentMax", presets.exponentMax(), 1, largest.exponentMax()),
        limits.integer("resultDigitsMax", presets.resultDigitsMax(), 1, largest.resultDigitsMax()),
        limits.integer("textMax", presets.textMax(), 1, largest.textMax()),
        limits.integer("patternTextMax", presets.patternTextMax(), 1, largest.patternTextMax()),
        limits.integer("comparedTextMax", presets.comparedTextMax(), 1, largest.comparedTextMax()),
        limits.integer("itemsMax", presets.itemsMax(), 1, largest.itemsMax()));
  }

  private static TierLimits compiling(Section calculations) {
    return new TierLimits(
        calculations.integer("compiledMax", 0, 0, 10_000),
        calculations.integer("compileAfter", 100_000, 1, 1_000_000_000));
  }

  private static Settings.Explanations explanations(Section calculations) {
    return new Settings.Explanations(
        calculations.integer("explanationCharactersMax", 32 * 1024, 1_024, 10_000_000),
        calculations.integer("explanationPartsMax", 50, 1, 100_000),
        calculations.integer("explanationTextMax", 200, 1, 1_000_000),
        calculations.integer("explanationItemsMax", 10, 1, 100_000));
  }

  private static LookUpLimits access(Section access) {
    LookUpLimits presets = LookUpLimits.DEFAULTS;
    return new LookUpLimits(
        access.duration(
            "remembered", presets.remembered(), Duration.ofMillis(100), Duration.ofMinutes(5)),
        access.integer("rememberedMax", (int) presets.rememberedMax(), 1, 10_000_000),
        access.integer("lookUpsMax", presets.underWayMax(), 1, 100_000));
  }
}
