package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.ContractCheck;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Policies that a file declares, and service users made through the API, on a whole server. */
class PoliciesOnRealPartsHttpTest {
  private static final UUID ACME = new UUID(0, 1);
  private static final String FILE =
      """
      organization: { id: %s, name: Acme }
      serviceUsers:
        - { name: admin, accessKey: admin-key, secret: s, policies: [administrator] }
        - { name: reader, accessKey: reader-key, secret: s, policies: [no-products] }
      policies:
        - name: no-products
          permissionPolicy:
            - { effect: allow, action: [config:retrieve], resource: ["config:*"] }
            - { effect: deny, action: [all], resource: ["config:product/*"] }
      """
          .formatted(ACME);

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private Server server;
  private WebClient web;

  @BeforeEach
  void start(@TempDir Path home) throws Exception {
    Files.writeString(
        Files.createDirectories(home.resolve("organizations")).resolve("acme.yaml"), FILE);
    server = WholeServers.start(postgres, home, Map.of());
    web = ContractCheck.client(postgres.vertx());
  }

  @AfterEach
  void close() {
    web.close();
    server.close();
  }

  @Test
  void a_declared_denial_hides_events_and_an_api_made_user_lives_by_his_key_and_policies() {
    String admin = token("admin-key", "s");
    String reader = token("reader-key", "s");
    String product = stored(admin, "product");
    String plan = stored(admin, "plan");

    assertThat(ids(call(HttpMethod.GET, "events", reader, null))).containsExactly(plan);
    assertThat(ids(call(HttpMethod.GET, "events", admin, null))).containsExactly(plan, product);
    assertThat(call(HttpMethod.GET, "events/" + product, reader, null).statusCode()).isEqualTo(404);
    assertThat(call(HttpMethod.POST, "serviceusers", reader, "{\"name\":\"x\"}").statusCode())
        .isEqualTo(403);

    String user =
        json(call(HttpMethod.POST, "serviceusers", admin, "{\"name\":\"ci\"}")).getString("id");
    JsonObject key =
        json(call(HttpMethod.POST, "serviceusers/" + user + "/accesskeys", admin, null));
    String ci = token(key.getString("accessKey"), key.getString("secret"));
    assertThat(code(call(HttpMethod.GET, "events", ci, null))).isEqualTo("not_permitted");

    call(
        HttpMethod.POST,
        "permissionpolicies/" + policy(admin, "no-products") + "/addtoserviceuser",
        admin,
        "{\"principalId\":\"" + user + "\"}");
    assertThat(ids(call(HttpMethod.GET, "events", ci, null))).containsExactly(plan);

    call(
        HttpMethod.DELETE,
        "serviceusers/" + user + "/accesskeys/" + key.getString("accessKey"),
        admin,
        null);
    assertThat(code(call(HttpMethod.GET, "events", ci, null))).isEqualTo("revoked_token");
  }

  private String policy(String token, String name) {
    return json(call(HttpMethod.GET, "permissionpolicies", token, null))
        .getJsonArray("data")
        .stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getString("name").equals(name))
        .map(one -> one.getString("id"))
        .findFirst()
        .orElseThrow();
  }

  private String stored(String token, String entity) {
    String event =
        "{\"eventName\":\"configuration."
            + entity
            + ".created\",\"new\":{\"id\":\""
            + entity
            + "-1\"}}";
    return json(call(HttpMethod.POST, "events", token, event))
        .getJsonArray("accepted")
        .getJsonObject(0)
        .getString("id");
  }

  private String token(String key, String secret) {
    return json(await(
            web.request(HttpMethod.POST, server.port(), "127.0.0.1", "/oauth/token")
                .basicAuthentication(key, secret)
                .sendBuffer(Buffer.buffer("{\"grant_type\":\"client_credentials\"}"))))
        .getString("access_token");
  }

  private HttpResponse<Buffer> call(
      HttpMethod method, String path, String token, @Nullable String body) {
    return await(
        web.request(method, server.port(), "127.0.0.1", "/organizations/" + ACME + "/" + path)
            .bearerTokenAuthentication(token)
            .sendBuffer(Buffer.buffer(body == null ? "" : body)));
  }

  private static List<String> ids(HttpResponse<Buffer> page) {
    JsonArray data = json(page).getJsonArray("data");
    return data.stream().map(item -> ((JsonObject) item).getString("id")).toList();
  }

  private static String code(HttpResponse<Buffer> refused) {
    return json(refused).getString("code");
  }

  private static JsonObject json(HttpResponse<Buffer> response) {
    return Objects.requireNonNull(response.bodyAsJsonObject());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
