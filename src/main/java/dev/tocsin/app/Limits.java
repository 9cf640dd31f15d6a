package dev.tocsin.app;

import dev.tocsin.config.Settings;
import dev.tocsin.evaluate.EvaluateSettings;
import dev.tocsin.ingest.IngestSettings;
import dev.tocsin.store.Database;

/** What the operator wrote, as each stage takes it. */
final class Limits {
  private Limits() {}

  static IngestSettings ingest(Settings settings) {
    Settings.Ingest ingest = settings.ingest();
    return new IngestSettings(
        ingest.batchEventsMax(),
        ingest.eventBytesMax(),
        ingest.inFlightEventsMax(),
        ingest.inFlightBytesMax(),
        ingest.organizationInFlightEventsMax(),
        ingest.answerWithin(),
        ingest.retryAfter());
  }

  static EvaluateSettings evaluate(Settings settings) {
    Settings.Evaluate evaluate = settings.evaluate();
    return new EvaluateSettings(
        evaluate.commitEventsMax(),
        evaluate.commitBytesMax(),
        evaluate.actorsMax(),
        settings.delivery().lease(),
        evaluate.unavailablePause());
  }

  /** One instance for each processor where the operator gave no number. */
  static int instances(int given) {
    return given == 0 ? Runtime.getRuntime().availableProcessors() : given;
  }

  /** The connections that commits have to themselves: one for each instance, and one to spare. */
  static Database.Limits ledgerPool(Settings settings) {
    return pool(settings, instances(settings.evaluate().instances()) + 1);
  }

  /** The connections that everything else shares. */
  static Database.Limits pool(Settings settings) {
    return pool(settings, settings.postgres().poolSize());
  }

  private static Database.Limits pool(Settings settings, int size) {
    return new Database.Limits(
        size, settings.postgres().waitersMax(), settings.postgres().statementTimeout());
  }
}
