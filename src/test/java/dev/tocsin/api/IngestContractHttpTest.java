package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.JsonValues;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Events and tokens are read by hand, without the contract, since nearly all requests are of those
 * two kinds: what is read judges as the contract does.
 */
class IngestContractHttpTest {
  private static final int ROUNDS = 1_500;
  private static final List<String> MEMBERS =
      List.of("id", "eventName", "eventTime", "new", "old", "events", "extra", "a/b~c");

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void posted_events_are_taken_if_the_contract_takes_them_and_only_then() throws IOException {
    Shape shape = shape("/organizations/:orgId/events");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int taken = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String body = body(random);
      boolean fits = shape.breaches(JsonValues.payload(body).fields()).isEmpty();
      HttpResponse<Buffer> answer = acme.post("events", body);

      assertThat(answer.statusCode())
          .as("seed %d, round %d, %s: %s", seed, round, body, answer.bodyAsString())
          .isEqualTo(fits ? 200 : 400);
      taken += fits ? 1 : 0;
    }
    assertThat(taken).as("seed %d", seed).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
  }

  @Test
  void more_events_than_a_request_may_have_are_more_for_both() throws IOException {
    Shape shape = shape("/organizations/:orgId/events");
    String event = json("{'eventName':'configuration.plan.created','new':{'id':'p'}}");
    for (int count : new int[] {1_000, 1_001}) {
      String body =
          "{\"events\":["
              + String.join(",", IntStream.range(0, count).mapToObj(i -> event).toList())
              + "]}";

      assertThat(shape.breaches(JsonValues.payload(body).fields()).isEmpty())
          .as("%d events", count)
          .isEqualTo(acme.post("events", body).statusCode() == 200)
          .isEqualTo(count == 1_000);
    }
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

  private static String body(Random random) {
    JsonObject body = event(random);
    if (random.nextInt(3) > 0) {
      JsonArray events = new JsonArray();
      for (int count = random.nextInt(4); count > 0; count--) {
        events.add(random.nextInt(12) == 0 ? value(random, 0) : event(random));
      }
      body = new JsonObject().put("events", random.nextInt(12) == 0 ? value(random, 0) : events);
    }
    if (random.nextInt(12) == 0) {
      body.put(MEMBERS.get(random.nextInt(MEMBERS.size())), value(random, 0));
    }
    return body.encode();
  }

  /** Mostly of the right form, now and then with a member more, less or other. */
  private static JsonObject event(Random random) {
    JsonObject event =
        new JsonObject()
            .put("eventName", "configuration.plan.created")
            .put("new", new JsonObject().put("id", "p-" + random.nextInt(5)));
    if (random.nextBoolean()) {
      event.put("id", "k-" + random.nextInt(1_000));
    }
    if (random.nextInt(6) == 0) {
      event.put(MEMBERS.get(random.nextInt(MEMBERS.size())), value(random, 0));
    }
    if (random.nextInt(12) == 0) {
      event.remove(MEMBERS.get(random.nextInt(4)));
    }
    return event;
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth < 3 ? 9 : 7)) {
      case 0 -> new JsonObject();
      case 1 -> "text";
      case 2 -> 7;
      case 3 -> 1.5e300;
      case 4 -> true;
      case 5 -> "2026-11-23T08:00:00Z";
      case 6 -> "";
      case 7 -> new JsonArray().add(value(random, depth + 1));
      default -> new JsonObject().put("eventName", value(random, depth + 1));
    };
  }
}
