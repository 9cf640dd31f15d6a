package dev.tocsin.api;

import dev.tocsin.access.Kind;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/**
 * The calls that tell what can be integrated with what, at {@code integrationconfigs/available} and
 * {@code …/values}. Of m3ter's systems there is one here: the webhook, to which notifications are
 * sent.
 */
final class AvailableEndpoints {
  private static final String AVAILABLE = IntegrationResource.PATH + "/available";
  private static final String SYSTEM = IntegrationJson.DESTINATION;
  private static final String ENTITY_TYPE = IntegrationJson.ENTITY_TYPE;
  private static final String CREDENTIALS_TYPE = "M3TER_SIGNED_REQUEST";

  private static final Need READ = Need.retrieve(Kind.INTEGRATION_CONFIGURATION);

  /** All, those first whose paths others could be taken for. */
  List<Endpoint> all() {
    return List.of(
        new Endpoint(HttpMethod.GET, AVAILABLE, READ, call -> everything()),
        new Endpoint(HttpMethod.GET, AVAILABLE + "/systems", READ, call -> list("systems", SYSTEM)),
        new Endpoint(HttpMethod.GET, AVAILABLE + "/:systemName/entities", READ, this::entities),
        new Endpoint(HttpMethod.GET, AVAILABLE + "/:systemName/auth/:entityType", READ, this::auth),
        new Endpoint(
            HttpMethod.GET,
            IntegrationResource.PATH + "/values/:systemName/:configOption",
            READ,
            this::values));
  }

  private static Answer everything() {
    JsonText out = new JsonText().open().openArray("data").open();
    out.text("systemName", SYSTEM).openArray("entities").open();
    out.text("entityType", ENTITY_TYPE).text("triggerType", "EVENT");
    out.openArray("auth").item(CREDENTIALS_TYPE);
    return new Answer.Ok(
        out.closeArray().close().closeArray().close().closeArray().close().toString());
  }

  private Answer entities(Call call) {
    return isOurs(call) ? list("entities", ENTITY_TYPE) : ApiError.missing();
  }

  private Answer auth(Call call) {
    return isOurs(call) && call.part("entityType").equalsIgnoreCase(ENTITY_TYPE)
        ? list("auth", CREDENTIALS_TYPE)
        : ApiError.missing();
  }

  private Answer values(Call call) {
    return isOurs(call) && call.part("configOption").equals(IntegrationJson.MAPPING_REQUIRED)
        ? list("values", "true", "false")
        : ApiError.missing();
  }

  private static boolean isOurs(Call call) {
    return call.part("systemName").equalsIgnoreCase(SYSTEM);
  }

  private static Answer list(String name, String... items) {
    JsonText out = new JsonText().open().openArray(name);
    for (String item : items) {
      out.item(item);
    }
    return new Answer.Ok(out.closeArray().close().toString());
  }
}
