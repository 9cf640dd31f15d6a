package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Caller;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Statement;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The call that erases an organization. */
class ErasureHttpTest {
  private final ApiFixture api = ApiFixture.start();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void an_organization_is_erased_by_its_name_and_shut_at_once() {
    assertThat(new ApiClient(api, ACME).get("events").statusCode()).isEqualTo(200);

    HttpResponse<Buffer> answer = erase(ACME, ACME, MemoryOrganizations.NAME);

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(parsed(answer).getString("id")).isEqualTo(ACME.organization().toString());
    assertThat(parsed(answer).getString("status")).isEqualTo("ERASING");
    assertThat(parsed(answer).getString("dtRequested")).isEqualTo("2026-11-23T08:00:00Z");
    HttpResponse<Buffer> after = new ApiClient(api, ACME).get("events");
    assertThat(after.statusCode()).isEqualTo(403);
    assertThat(erase(ACME, ACME, MemoryOrganizations.NAME).statusCode()).isEqualTo(403);
    assertThat(new ApiClient(api, BOLT).get("events").statusCode()).isEqualTo(200);
  }

  @Test
  void without_its_name_nothing_is_erased() {
    HttpResponse<Buffer> misnamed = erase(ACME, ACME, "acme & søn");
    assertThat(misnamed.statusCode()).isEqualTo(400);
    assertThat(parsed(misnamed).getString("code")).isEqualTo("wrong_name");
    assertThat(misnamed.bodyAsString()).doesNotContain(MemoryOrganizations.NAME);
    HttpResponse<Buffer> unnamed = erase(ACME, ACME, null);
    assertThat(unnamed.statusCode()).isEqualTo(400);
    assertThat(parsed(unnamed).getJsonArray("errors").getJsonObject(0).getString("parameter"))
        .isEqualTo("name");

    assertThat(new ApiClient(api, ACME).get("events").statusCode()).isEqualTo(200);
  }

  @Test
  void only_who_has_the_right_erases_and_only_his_own() {
    Caller editor =
        new Caller(ACME.organization(), new ServiceUserId(new UUID(0xBEL, 77)), "editor-key");
    api.permit(
        editor,
        ApiFixture.ADMINISTRATOR,
        new Statement("deny", List.of("config:delete"), List.of("config:organization/*")));

    assertThat(parsed(erase(editor, ACME, MemoryOrganizations.NAME)).getString("message"))
        .isEqualTo(
            "the policies of the service user do not permit config:delete on config:organization/*");
    assertThat(erase(BOLT, ACME, MemoryOrganizations.NAME).statusCode()).isEqualTo(403);
    assertThat(new ApiClient(api, ACME).get("events").statusCode()).isEqualTo(200);
  }

  @Test
  void an_organization_has_no_other_call_of_its_own() {
    HttpResponse<Buffer> answer = send(HttpMethod.GET, ACME, ACME, null);
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.getHeader("Allow")).isEqualTo("DELETE");
  }

  private HttpResponse<Buffer> erase(Caller caller, Caller of, @Nullable String name) {
    return send(HttpMethod.DELETE, caller, of, name);
  }

  private HttpResponse<Buffer> send(
      HttpMethod method, Caller caller, Caller of, @Nullable String name) {
    var request =
        ContractCheck.client(api.vertx)
            .request(method, api.port(), "127.0.0.1", "/organizations/" + of.organization())
            .bearerTokenAuthentication(api.token(caller));
    if (name != null) {
      request.addQueryParam("name", name);
    }
    return ApiFixture.await(request.send());
  }
}
