package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.JsonValues;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests for tokens are read by hand, since they are many: what is read judges as the contract.
 */
class TokenByContractHttpTest {
  private final ApiFixture api = ApiFixture.start();

  @AfterEach
  void close() {
    api.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'grant_type':'client_credentials'}",
        "{'grant_type':'client_credentials','scope':null}",
        "{'grant_type':'client_credentials','scope':'all'}",
        "{'grant_type':'client_credentials','more':1}",
        "{'grant_type':'password'}",
        "{'grant_type':null}",
        "{'grant_type':''}",
        "{'grant_type':7}",
        "{}"
      })
  void tokens_are_given_if_the_contract_has_it_so_and_only_then(String text) throws IOException {
    String body = json(text);
    boolean fits = shape("/oauth/token").breaches(JsonValues.payload(body).fields()).isEmpty();

    HttpResponse<Buffer> answer =
        ApiFixture.await(
            WebClient.create(api.vertx)
                .request(HttpMethod.POST, api.port(), "127.0.0.1", "/oauth/token")
                .basicAuthentication(ACME.accessKey(), ApiFixture.SECRET)
                .sendBuffer(Buffer.buffer(body)));

    assertThat(answer.statusCode()).as(body).isEqualTo(fits ? 200 : 400);
  }

  private static Shape shape(String path) {
    Contract.Operation operation =
        Objects.requireNonNull(Contract.shared().operation(HttpMethod.POST, path), path);
    return Objects.requireNonNull(operation.bodies().get("application/json"), path);
  }
}
