package dev.tocsin.api;

import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static dev.tocsin.api.ApiFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Caller;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies that take their time, in a server with room for four of the largest. */
@Timeout(60)
class BodyRoomHttpTest {
  private static final int BODY_BYTES_MAX = 5 << 20;
  private static final String EVENT =
      "{\"eventName\":\"configuration.plan.created\",\"new\":{\"id\":\"p\"}}";

  private ApiFixture api;
  private HttpClient client;

  @BeforeEach
  void start() {
    api = ApiFixture.start(ApiFixture.settings(4L * BODY_BYTES_MAX, 4, 4, 4), stores -> stores);
    client =
        api.vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(100));
  }

  @AfterEach
  void close() {
    api.close();
  }

  /** 250 of them, each just begun, would have taken more memory than the server has. */
  @Test
  void slow_uploads_of_one_organization_leave_room_to_others() {
    HttpClientRequest slow = begun(ACME, BODY_BYTES_MAX);

    HttpClientResponse refused = answer(upload(ACME, EVENT.length()));

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.getHeader("retry-after")).isEqualTo("1");
    assertThat(post(BOLT).statusCode()).isEqualTo(200);
    assertThat(refusals("organization")).isEqualTo(1);
    assertThat(finished(slow, BODY_BYTES_MAX).statusCode()).isEqualTo(200);
    awaitRoom(ACME);
  }

  @Test
  void a_server_without_room_says_so_before_it_reads() {
    List<Caller> callers = Stream.of(3, 4, 5, 6).map(ApiFixture::caller).toList();
    callers.forEach(caller -> api.permit(caller, ApiFixture.ADMINISTRATOR));
    List<HttpClientRequest> slow = callers.stream().map(c -> begun(c, BODY_BYTES_MAX)).toList();

    HttpClientResponse refused = answer(upload(ACME, EVENT.length()));

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.getHeader("retry-after")).isEqualTo("1");
    assertThat(refusals("server")).isEqualTo(1);
    slow.forEach(one -> finished(one, BODY_BYTES_MAX));
    awaitRoom(ACME);
  }

  @Test
  void a_body_of_untold_length_takes_room_as_it_comes() {
    HttpClientRequest slow = begun(ACME, BODY_BYTES_MAX - 1_000);

    HttpClientRequest untold = upload(ACME, -1);
    untold.write(Buffer.buffer(" ".repeat(900)));
    untold.write(Buffer.buffer(" ".repeat(900)));

    assertThat(await(untold.response()).statusCode()).isEqualTo(429);
    assertThat(finished(slow, BODY_BYTES_MAX - 1_000).statusCode()).isEqualTo(200);
    awaitRoom(ACME);
  }

  @Test
  void a_client_that_goes_away_half_way_gives_its_room_back() {
    HttpClientRequest slow = begun(ACME, BODY_BYTES_MAX);
    slow.write(Buffer.buffer(EVENT));

    await(slow.connection().close());

    awaitRoom(ACME);
  }

  /** A request whose length the server knows, and for which it has taken room. */
  private HttpClientRequest begun(Caller caller, int length) {
    HttpClientRequest request = upload(caller, length);
    Promise<Void> goOn = Promise.promise();
    request.putHeader("expect", "100-continue");
    request.continueHandler(nothing -> goOn.complete());
    await(request.sendHead());
    await(goOn.future());
    return request;
  }

  private HttpClientRequest upload(Caller caller, int length) {
    HttpClientRequest request =
        await(
            client.request(
                HttpMethod.POST,
                api.port(),
                "127.0.0.1",
                "/organizations/" + caller.organization() + "/events"));
    request.putHeader("authorization", "Bearer " + api.token(caller));
    if (length < 0) {
      request.setChunked(true);
    } else {
      request.putHeader("content-length", String.valueOf(length));
    }
    return request;
  }

  /** The answer to a request that is not over. */
  private static HttpClientResponse answer(HttpClientRequest request) {
    Future<HttpClientResponse> answer = request.response();
    request.sendHead();
    return await(answer);
  }

  private static HttpClientResponse finished(HttpClientRequest request, int length) {
    Future<HttpClientResponse> answer = request.response();
    request.end(Buffer.buffer(EVENT + " ".repeat(length - EVENT.length())));
    return await(answer);
  }

  private HttpResponse<Buffer> post(Caller caller) {
    return new ApiClient(api, caller).post("events", EVENT);
  }

  /** Asks for all of an organization's room, as a client does that is told to try again. */
  private void awaitRoom(Caller caller) {
    String largest = EVENT + " ".repeat(BODY_BYTES_MAX - EVENT.length());
    int status;
    do {
      status = new ApiClient(api, caller).post("events", largest).statusCode();
    } while (status == 429);
    assertThat(status).isEqualTo(200);
  }

  private double refusals(String scope) {
    return api.meters.get("tocsin.api.bodies.refused").tag("scope", scope).counter().count();
  }
}
