package dev.tocsin.api;

import dev.tocsin.access.Caller;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Calls the API of a fixture on behalf of one caller, and fails on answers the contract lacks. */
final class ApiClient {
  private final ApiFixture api;
  private final Caller caller;
  private final WebClient client;

  ApiClient(ApiFixture api, Caller caller) {
    this.api = api;
    this.caller = caller;
    this.client = ContractCheck.client(api.vertx);
  }

  HttpResponse<Buffer> get(String path) {
    return ApiFixture.await(send(HttpMethod.GET, path, null));
  }

  HttpResponse<Buffer> post(String path, String body) {
    return ApiFixture.await(send(HttpMethod.POST, path, body));
  }

  HttpResponse<Buffer> put(String path, String body) {
    return ApiFixture.await(send(HttpMethod.PUT, path, body));
  }

  HttpResponse<Buffer> delete(String path) {
    return ApiFixture.await(send(HttpMethod.DELETE, path, null));
  }

  /** Sends a request below the organization's path. */
  Future<HttpResponse<Buffer>> send(HttpMethod method, String path, @Nullable String body) {
    return client
        .request(
            method, api.port(), "127.0.0.1", "/organizations/" + caller.organization() + "/" + path)
        .bearerTokenAuthentication(api.token(caller))
        .sendBuffer(body == null ? Buffer.buffer() : Buffer.buffer(body));
  }

  /** JSON with single quotes for double ones, which reads better in Java. */
  static String json(String singleQuoted) {
    return singleQuoted.replace('\'', '"');
  }

  static JsonObject parsed(HttpResponse<Buffer> response) {
    return Objects.requireNonNull(response.bodyAsJsonObject());
  }
}
