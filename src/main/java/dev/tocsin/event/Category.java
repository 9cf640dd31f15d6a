package dev.tocsin.event;

/** The category of an event, as the API's {@code eventType} spells it. */
public enum Category {
  CONFIGURATION("ConfigurationEvent"),
  BILLING("BillingEvent"),
  INTEGRATION("IntegrationEvent"),
  INGEST_VALIDATION_FAILURE("IngestValidationFailure"),
  DATA_EXPORT_JOB_FAILURE("DataExportJobFailure"),
  DATA_EXPORT_JOB_SUCCESS("DataExportJobSuccess"),
  SCHEDULED("ScheduledEvent"),
  NOTIFICATION("Notification"),
  CUSTOM("CustomEvent");

  private final String text;

  Category(String text) {
    this.text = text;
  }

  /** The spelling used by the API and the database. */
  public String text() {
    return text;
  }

  /** The category so spelled; the caller has it from our own database. */
  public static Category of(String text) {
    for (Category category : values()) {
      if (category.text.equals(text)) {
        return category;
      }
    }
    throw new IllegalStateException("no event category is spelled " + text);
  }
}
