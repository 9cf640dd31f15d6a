package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** That the contract has the routes of the server, and no others. */
class ContractRoutesHttpTest {
  @Test
  void the_routes_of_the_server_and_the_operations_of_the_contract_are_the_same() {
    Set<String> routes = new TreeSet<>();
    try (ApiFixture api = ApiFixture.start()) {
      for (Route route : api.api().router(api.vertx, () -> false).getRoutes()) {
        if (route.getPath() != null && route.methods() != null) {
          for (HttpMethod method : route.methods()) {
            routes.add(method + " " + route.getPath().replaceAll(":(\\w+)", "{$1}"));
          }
        }
      }
    }

    assertThat(routes)
        .isEqualTo(
            Contract.load().operations().stream()
                .map(operation -> operation.method() + " " + operation.path())
                .collect(Collectors.toCollection(TreeSet::new)));
    assertThat(routes).contains("POST /oauth/token", "POST /organizations/{orgId}/events");
  }
}
