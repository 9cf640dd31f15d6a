package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Marking events as dealt with, over HTTP. */
class ActionedHttpTest {
  private static final String NOW = "2026-11-23T08:00:00Z";

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void an_event_is_marked_and_unmarked_by_a_call_without_a_body() {
    String id = stored().getFirst();

    HttpResponse<Buffer> marked = acme.put("events/" + id + "/actioned?actioned=true", "");
    assertThat(marked.statusCode()).isEqualTo(200);
    assertThat(parsed(marked).getInstant("dtActioned")).isEqualTo(NOW);
    assertThat(acme.get("events/" + id).bodyAsString()).isEqualTo(marked.bodyAsString());
    assertThat(listed("events?includeActioned=false")).doesNotContain(id);
    api.advance(Duration.ofHours(1));
    assertThat(acme.put("events/" + id + "/actioned?actioned=true", "").bodyAsString())
        .as("the time of the first")
        .isEqualTo(marked.bodyAsString());

    HttpResponse<Buffer> open = acme.put("events/" + id + "/actioned?actioned=false", "");
    assertThat(parsed(open).getString("dtActioned")).isNull();
    assertThat(listed("events?includeActioned=false")).contains(id);
  }

  @Test
  void several_are_marked_at_once_and_those_that_do_not_exist_left_out() {
    List<String> ids = stored();
    String nobodys = api.ids.next().toString();

    HttpResponse<Buffer> marked =
        acme.put(
            "events/actioned",
            json(
                "{'ids':['%s','%s','%s'],'actioned':true}"
                    .formatted(ids.get(0), nobodys, ids.get(1))));
    assertThat(marked.statusCode()).isEqualTo(200);
    assertThat(idsOf(marked)).containsExactlyInAnyOrder(ids.get(0), ids.get(1));
    assertThat(listed("events?includeActioned=false")).containsExactly(ids.get(2));
  }

  @Test
  void another_organizations_events_are_not_there() {
    String id = stored().getFirst();
    ApiClient bolt = new ApiClient(api, BOLT);
    String before = api.contents();

    assertThat(bolt.put("events/" + id + "/actioned?actioned=true", "").statusCode())
        .isEqualTo(404);
    assertThat(idsOf(bolt.put("events/actioned", json("{'ids':['" + id + "'],'actioned':true}"))))
        .isEmpty();
    assertThat(api.contents()).isEqualTo(before);
  }

  @Test
  void whether_they_were_dealt_with_must_be_said() {
    String id = stored().getFirst();
    String before = api.contents();

    assertThat(acme.put("events/" + id + "/actioned", "").statusCode()).isEqualTo(400);
    assertThat(acme.put("events/" + id + "/actioned?actioned=yes", "").statusCode()).isEqualTo(400);
    assertThat(acme.put("events/none/actioned?actioned=true", "").statusCode()).isEqualTo(404);
    assertThat(api.contents()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'ids':[]            ,'actioned':true} /ids",
        "{'actioned':true}                      /ids",
        "{'ids':'abc'         ,'actioned':true} /ids",
        "{'ids':['abc']       ,'actioned':true} /ids/0",
        "{'ids':[null]        ,'actioned':true} /ids/0",
        "{'ids':['1-1-1-1-1'] ,'actioned':true} /ids/0",
        "{'ids':['00000000-0000-7000-8000-000000000001']} /actioned",
        "{'ids':['00000000-0000-7000-8000-000000000001'],'actioned':'true'} /actioned",
      })
  void what_is_wrong_is_told_with_its_place(String bodyAndPointer) {
    int pointer = bodyAndPointer.lastIndexOf(' ');
    HttpResponse<Buffer> answer =
        acme.put("events/actioned", json(bodyAndPointer.substring(0, pointer)));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(parsed(answer).getJsonArray("errors").getJsonObject(0).getString("pointer"))
        .isEqualTo(bodyAndPointer.substring(pointer + 1));
  }

  /** The ids of three new events. */
  private List<String> stored() {
    String events =
        String.join(
            ",",
            IntStream.range(0, 3)
                .mapToObj(i ->
                    "{'eventName':'configuration.plan.created','new':{'id':'p%d'}}".formatted(i))
                .toList());
    JsonArray accepted =
        parsed(acme.post("events", json("{'events':[" + events + "]}"))).getJsonArray("accepted");
    return accepted.stream().map(one -> ((JsonObject) one).getString("id")).toList();
  }

  private List<String> listed(String path) {
    return idsOf(acme.get(path));
  }

  private static List<String> idsOf(HttpResponse<Buffer> list) {
    return parsed(list).getJsonArray("data").stream()
        .map(one -> ((JsonObject) one).getString("id"))
        .toList();
  }
}
