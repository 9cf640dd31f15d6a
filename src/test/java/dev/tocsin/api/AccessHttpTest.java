package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Caller;
import dev.tocsin.access.ServiceUserId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Permission policies, service users and access keys, over HTTP. */
class AccessHttpTest {
  private static final String POLICIES = "permissionpolicies";
  private static final String USERS = "serviceusers";
  private static final String EVERYTHING =
      "{'name':'All','permissionPolicy':[{'effect':'ALLOW','action':['ALL'],'resource':['*']}]}";

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);
  private final WebClient web = ContractCheck.client(api.vertx);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void a_policy_is_shown_as_it_was_spelled() {
    HttpResponse<Buffer> created =
        acme.post(
            POLICIES,
            json(
                "{'name':'Meters','version':0,'permissionPolicy':[{'effect':'allow',"
                    + "'action':['config:create','CONFIG_RETRIEVE'],"
                    + "'resource':['config:meter/*']}]}"));

    assertThat(created.bodyAsString())
        .isEqualTo(
            json(
                "{'id':'"
                    + id(created)
                    + "','name':'Meters','permissionPolicy':[{'effect':'allow',"
                    + "'action':['config:create','CONFIG_RETRIEVE'],"
                    + "'resource':['config:meter/*']}],'managedPolicy':false,"
                    + "'version':1,'dtCreated':'2026-11-23T08:00:00Z',"
                    + "'dtLastModified':'2026-11-23T08:00:00Z','createdBy':'"
                    + ACME.serviceUser()
                    + "','lastModifiedBy':'"
                    + ACME.serviceUser()
                    + "'}"));
    assertThat(acme.get(POLICIES + "/" + id(created)).bodyAsString())
        .isEqualTo(created.bodyAsString());
    assertThat(new ApiClient(api, BOLT).get(POLICIES + "/" + id(created)).statusCode())
        .isEqualTo(404);
  }

  @Test
  void a_policy_is_replaced_by_what_was_read_listed_and_deleted() {
    JsonObject policy = parsed(acme.post(POLICIES, json(EVERYTHING)));
    String path = POLICIES + "/" + policy.getString("id");

    JsonObject replaced = parsed(acme.put(path, policy.copy().put("name", "Every").encode()));
    assertThat(replaced).isEqualTo(policy.copy().put("name", "Every").put("version", 2));
    assertThat(parsed(acme.put(path, policy.encode())).getString("code"))
        .isEqualTo("stale_version");
    assertThat(parsed(acme.get(POLICIES + "?ids=" + policy.getString("id"))).getJsonArray("data"))
        .containsExactly(replaced);
    assertThat(acme.get(POLICIES + "?pageSize=101").statusCode()).isEqualTo(400);
    assertThat(parsed(acme.delete(path))).isEqualTo(replaced);
    assertThat(acme.get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void everything_that_is_wrong_with_a_policy_is_said_with_its_place() {
    HttpResponse<Buffer> refused =
        acme.post(
            POLICIES,
            json(
                "{'name':'','permissionPolicy':[{'effect':'alow','action':['config:retreive'],"
                    + "'resource':['config:event/*','config:prodcut/*']},7,"
                    + "{'effect':'deny','action':[],'resource':'*'}]}"));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(parsed(refused).getJsonArray("errors"))
        .containsExactly(
            flaw("/name", "is required: a text of 1 to 100 characters"),
            flaw("/permissionPolicy/1", "must be an object"),
            flaw("/permissionPolicy/0/effect", "must be allow or deny, did you mean allow?"),
            flaw(
                "/permissionPolicy/0/action/0",
                "must be an action such as config:retrieve, did you mean config:retrieve?"),
            flaw(
                "/permissionPolicy/0/resource/1",
                "no type of resource is named prodcut, did you mean product?"),
            flaw("/permissionPolicy/2/action", "must be an array of 1 to 20 texts"),
            flaw("/permissionPolicy/2/resource", "must be an array of 1 to 200 texts"));
    assertThat(parsed(acme.post(POLICIES, json("{'name':'n'}"))).getString("message"))
        .isEqualTo("/permissionPolicy: must be an array of 1 to 50 objects");
  }

  @Test
  void what_a_file_declares_is_marked_and_read_only() {
    JsonObject managed = parsed(acme.get(POLICIES)).getJsonArray("data").getJsonObject(0);
    String policy = POLICIES + "/" + managed.getString("id");
    String user = USERS + "/" + ACME.serviceUser();

    assertThat(managed.getBoolean("managedPolicy")).isTrue();
    assertThat(parsed(acme.get(user)).getBoolean("managed")).isTrue();
    for (HttpResponse<Buffer> refused :
        List.of(
            acme.put(policy, managed.encode()),
            acme.delete(policy),
            acme.delete(user),
            acme.put(user, json("{'name':'x','version':1}")),
            acme.post(user + "/accesskeys", ""),
            acme.delete(user + "/accesskeys/acme-key"),
            acme.post(policy + "/removefromserviceuser", principal(ACME.serviceUser().value())))) {
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(parsed(refused).getString("code")).isEqualTo("declared_in_file");
    }
  }

  @Test
  void a_service_user_can_call_once_he_has_a_key_and_a_policy() {
    String user = id(acme.post(USERS, json("{'name':'ci'}")));
    String policy = id(acme.post(POLICIES, json(EVERYTHING)));
    JsonObject key = parsed(acme.post(USERS + "/" + user + "/accesskeys", ""));
    Caller ci = caller(user, key);

    assertThat(key.fieldNames()).containsExactly("accessKey", "dtCreated", "createdBy", "secret");
    assertThat(token(key.getString("accessKey"), key.getString("secret")).statusCode())
        .isEqualTo(200);
    assertThat(token(key.getString("accessKey"), "guess").statusCode()).isEqualTo(403);
    assertThat(new ApiClient(api, ci).get("events").statusCode()).isEqualTo(403);

    JsonObject assignment =
        parsed(acme.post(POLICIES + "/" + policy + "/addtoserviceuser", principal(user)));
    assertThat(assignment.getString("permissionPolicyId")).isEqualTo(policy);
    assertThat(assignment.getString("principalId")).isEqualTo(user);
    assertThat(assignment.getString("principalType")).isEqualTo("SERVICEUSER");
    assertThat(assignment.getInteger("version")).isEqualTo(1);
    assertThat(new ApiClient(api, ci).get("events").statusCode()).isEqualTo(200);
    assertThat(parsed(acme.get(USERS + "/" + user + "/permissions")).getJsonArray("data"))
        .containsExactly(parsed(acme.get(POLICIES + "/" + policy)));
    assertThat(acme.get(USERS + "/" + user + "/accesskeys").bodyAsString())
        .contains(key.getString("accessKey"))
        .doesNotContain(key.getString("secret"));

    assertThat(
            parsed(acme.post(POLICIES + "/" + policy + "/removefromserviceuser", principal(user))))
        .isEqualTo(assignment);
    assertThat(new ApiClient(api, ci).get("events").statusCode()).isEqualTo(403);
  }

  @Test
  void a_deleted_key_stops_its_tokens_and_itself_and_no_others() {
    String user = id(acme.post(USERS, json("{'name':'ci'}")));
    String policy = id(acme.post(POLICIES, json(EVERYTHING)));
    acme.post(POLICIES + "/" + policy + "/addtoserviceuser", principal(user));
    JsonObject first = parsed(acme.post(USERS + "/" + user + "/accesskeys", ""));
    JsonObject second = parsed(acme.post(USERS + "/" + user + "/accesskeys", ""));
    String firstKey = first.getString("accessKey");
    ApiClient withFirst = new ApiClient(api, caller(user, first));
    ApiClient withSecond = new ApiClient(api, caller(user, second));
    assertThat(withFirst.get("events").statusCode()).isEqualTo(200);
    assertThat(token(firstKey, first.getString("secret")).statusCode()).isEqualTo(200);

    acme.delete(USERS + "/" + user + "/accesskeys/" + firstKey);
    assertThat(parsed(withFirst.get("events")).getString("code")).isEqualTo("revoked_token");
    assertThat(token(firstKey, first.getString("secret")).statusCode()).isEqualTo(403);
    assertThat(withSecond.get("events").statusCode()).isEqualTo(200);

    acme.delete(USERS + "/" + user);
    assertThat(parsed(withSecond.get("events")).getString("code")).isEqualTo("revoked_token");
    assertThat(token(second.getString("accessKey"), second.getString("secret")).statusCode())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "usergroup", "supportusers"})
  void principals_that_are_not_known_here_are_unknown_ids(String kind) {
    String policy = id(acme.post(POLICIES, json(EVERYTHING)));
    String path = POLICIES + "/" + policy;

    for (String call : List.of("/addto", "/removefrom")) {
      HttpResponse<Buffer> answer =
          acme.post(path + call + kind, principal(UUID.fromString("0-0-0-0-1")));
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(parsed(answer).getString("code")).isEqualTo("not_found");
    }
    assertThat(acme.get("users/" + ACME.serviceUser() + "/permissions").statusCode())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "{}, 400",
    "{'principalId':7}, 400",
    "{'principalId':'x'}, 404",
    "[], 400",
  })
  void a_principal_must_be_named(String body, int status) {
    String policy = id(acme.post(POLICIES, json(EVERYTHING)));
    assertThat(acme.post(POLICIES + "/" + policy + "/addtoserviceuser", json(body)).statusCode())
        .isEqualTo(status);
  }

  @Test
  void nothing_is_assigned_to_or_read_of_another_organizations_users() {
    String policy = id(acme.post(POLICIES, json(EVERYTHING)));
    String bolts = BOLT.serviceUser().toString();

    assertThat(
            acme.post(POLICIES + "/" + policy + "/addtoserviceuser", principal(bolts)).statusCode())
        .isEqualTo(404);
    assertThat(acme.get(USERS + "/" + bolts + "/permissions").statusCode()).isEqualTo(404);
    assertThat(acme.get(USERS + "/" + bolts + "/accesskeys").statusCode()).isEqualTo(404);
    assertThat(acme.post(USERS + "/" + bolts + "/accesskeys", "").statusCode()).isEqualTo(404);
    assertThat(acme.delete(USERS + "/" + bolts + "/accesskeys/key-2").statusCode()).isEqualTo(404);
  }

  /** Or whoever may do little could have everybody's rights looked up all the time. */
  @Test
  void a_call_that_is_refused_changes_nobodys_rights() {
    String user = id(acme.post(USERS, json("{'name':'ci'}")));
    String policy = id(acme.post(POLICIES, json(EVERYTHING)));
    String nobody = UUID.fromString("0-0-0-0-9").toString();
    int lookUps = api.access.lookUps.get();

    assertThat(
            List.of(
                acme.post(USERS + "/" + nobody + "/accesskeys", "").statusCode(),
                acme.delete(USERS + "/" + user + "/accesskeys/none").statusCode(),
                acme.delete(USERS + "/" + nobody).statusCode(),
                acme.delete(POLICIES + "/" + nobody).statusCode(),
                acme.post(POLICIES + "/" + policy + "/removefromserviceuser", principal(user))
                    .statusCode()))
        .containsOnly(404);
    assertThat(acme.get("events").statusCode()).isEqualTo(200);
    assertThat(api.access.lookUps).hasValue(lookUps);
  }

  /** Clients ask for a token before every call: neither of both may cost a look-up each time. */
  @Test
  void many_tokens_and_calls_cost_one_look_up_of_the_key_and_one_of_the_rights() {
    token("acme-key", ApiFixture.SECRET);
    acme.get("events");
    int lookUps = api.access.lookUps.get();

    for (int i = 0; i < 50; i++) {
      assertThat(token("acme-key", ApiFixture.SECRET).statusCode()).isEqualTo(200);
      assertThat(acme.get("events").statusCode()).isEqualTo(200);
    }
    assertThat(lookUps).isEqualTo(2);
    assertThat(api.access.lookUps).hasValue(2);
  }

  private HttpResponse<Buffer> token(String key, String secret) {
    return ApiFixture.await(
        web.request(HttpMethod.POST, api.port(), "127.0.0.1", "/oauth/token")
            .basicAuthentication(key, secret)
            .sendBuffer(Buffer.buffer("{\"grant_type\":\"client_credentials\"}")));
  }

  private static Caller caller(String user, JsonObject key) {
    return new Caller(
        ACME.organization(), new ServiceUserId(UUID.fromString(user)), key.getString("accessKey"));
  }

  private static String principal(Object id) {
    return json("{'principalId':'" + id + "','version':1}");
  }

  private static JsonObject flaw(String pointer, String message) {
    return new JsonObject().put("pointer", pointer).put("message", message);
  }

  private static String id(HttpResponse<Buffer> response) {
    return parsed(response).getString("id");
  }
}
