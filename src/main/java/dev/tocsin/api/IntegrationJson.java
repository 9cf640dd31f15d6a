package dev.tocsin.api;

import dev.tocsin.api.IntegrationConfiguration.Content;
import dev.tocsin.event.JsonValues;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes integration configurations in m3ter's form. */
final class IntegrationJson {
  /** What anything is sent of, and where to. */
  static final String ENTITY_TYPE = "Notification";

  static final String DESTINATION = "Webhook";

  static final int KIND_LENGTH_MAX = 80;
  static final int ID_LENGTH_MAX = 255;
  static final int NAME_LENGTH_MAX = 200;
  static final int CONFIG_DATA_LENGTH_MAX = 64 << 10;

  /** In configData: whether the event's account must be one of the mappings beside it. */
  static final String MAPPING_REQUIRED = "accountMappingRequired";

  private static final String MAPPINGS = "accountMappings";
  private static final Pattern KIND = Pattern.compile("[a-zA-Z0-9_-]*");

  private IntegrationJson() {}

  static Reading<IntegrationResource.Draft> read(JsonProperties properties) {
    String entityType = kind(properties, "entityType");
    String entityId = properties.optionalText("entityId", ID_LENGTH_MAX);
    String destination = kind(properties, "destination");
    String destinationId = properties.optionalText("destinationId", ID_LENGTH_MAX);
    String configData = properties.objectText("configData", CONFIG_DATA_LENGTH_MAX);
    checkMappings(properties, configData);
    String name = properties.optionalText("name", NAME_LENGTH_MAX);
    String credentialsId = properties.optionalText("integrationCredentialsId", ID_LENGTH_MAX);
    Boolean enabled = properties.has("enabled") ? properties.flag("enabled", true) : null;
    return properties.result(() ->
        new IntegrationResource.Draft(
            new Content(
                entityType, entityId, destination, destinationId, configData, name, credentialsId),
            enabled));
  }

  /** What deliveries go by must be what they take it for; everything else is the caller's. */
  private static void checkMappings(JsonProperties properties, String configData) {
    Map<String, @Nullable Object> data = parsed(configData);
    Object required = data.get(MAPPING_REQUIRED);
    if (required != null && !(required instanceof Boolean)) {
      properties.flaw("configData/" + MAPPING_REQUIRED, "must be true or false");
    }
    Object mappings = data.get(MAPPINGS);
    boolean texts =
        mappings instanceof Map<?, ?> map
            && map.values().stream().allMatch(String.class::isInstance);
    if (mappings != null && !texts) {
      properties.flaw(
          "configData/" + MAPPINGS, "must be an object with a text for each account id");
    }
  }

  private static Map<String, @Nullable Object> parsed(String object) {
    try {
      return JsonValues.payload(object).fields();
    } catch (IOException e) {
      throw new IllegalStateException("what was read as JSON is none", e);
    }
  }

  private static String kind(JsonProperties properties, String name) {
    String kind = properties.text(name, KIND_LENGTH_MAX);
    if (!KIND.matcher(kind).matches()) {
      properties.flaw(name, "must be letters, digits, _ and - only");
    }
    return kind;
  }

  /**
   * Appends one. m3ter's SDKs read a single one as if it were a run of it: that is why it has a
   * status, and always an entityId.
   */
  static void append(JsonText out, IntegrationConfiguration configuration) {
    appendProperties(out.open(), configuration);
    out.close();
  }

  /** Appends one with {@code warnings} about it, if there are any. */
  static void append(JsonText out, IntegrationConfiguration configuration, List<Flaw> warnings) {
    appendProperties(out.open(), configuration);
    if (!warnings.isEmpty()) {
      out.openArray("warnings");
      warnings.forEach(warning -> warning.append(out));
      out.closeArray();
    }
    out.close();
  }

  /** Appends the properties of one to an object that is open. */
  static void appendProperties(JsonText out, IntegrationConfiguration configuration) {
    Content content = configuration.content();
    out.text("id", configuration.id().toString()).text("entityType", content.entityType());
    if (content.entityId() == null) {
      out.raw("entityId", "null");
    } else {
      out.text("entityId", content.entityId());
    }
    out.text("destination", content.destination())
        .text("destinationId", content.destinationId())
        .raw("configData", content.configData())
        .text("name", content.name())
        .text("integrationCredentialsId", content.integrationCredentialsId())
        .flag("enabled", configuration.enabled())
        .flag("authorized", true)
        .text("triggerType", "EVENT")
        .text("status", configuration.enabled() ? "WAITING" : "DISABLED")
        .flag("declaredInFile", configuration.inFile());
    AuditJson.append(out, configuration.audit());
  }
}
