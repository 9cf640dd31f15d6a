package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers learn of what can be integrated, over HTTP. */
class AvailableHttpTest {
  private static final String AVAILABLE = "integrationconfigs/available";

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void the_webhook_is_the_system_and_notifications_are_what_it_is_sent() {
    assertAnswer(
        AVAILABLE,
        "{'data':[{'systemName':'Webhook','entities':[{'entityType':'Notification',"
            + "'triggerType':'EVENT','auth':['M3TER_SIGNED_REQUEST']}]}]}");
    assertAnswer(AVAILABLE + "/systems", "{'systems':['Webhook']}");
    assertAnswer(AVAILABLE + "/Webhook/entities", "{'entities':['Notification']}");
    assertAnswer(AVAILABLE + "/webhook/auth/notification", "{'auth':['M3TER_SIGNED_REQUEST']}");
    assertAnswer(
        "integrationconfigs/values/Webhook/accountMappingRequired", "{'values':['true','false']}");
  }

  @Test
  void of_other_systems_there_is_nothing() {
    assertThat(acme.get(AVAILABLE + "/Netsuite/entities").statusCode()).isEqualTo(404);
    assertThat(acme.get(AVAILABLE + "/Webhook/auth/Bill").statusCode()).isEqualTo(404);
    assertThat(acme.get("integrationconfigs/values/Webhook/colour").statusCode()).isEqualTo(404);
    assertThat(acme.get("integrationconfigs/values/Netsuite/accountMappingRequired").statusCode())
        .isEqualTo(404);
  }

  private void assertAnswer(String path, String singleQuoted) {
    assertThat(parsed(acme.get(path))).isEqualTo(new JsonObject(json(singleQuoted)));
  }
}
