package dev.tocsin.api;

import dev.tocsin.access.Action;
import dev.tocsin.access.Kind;
import dev.tocsin.api.IntegrationConfigurations.Filter;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/** What is asked of integration configurations beside what all resources are. */
final class IntegrationEndpoints {
  private final IntegrationConfigurations store;

  IntegrationEndpoints(IntegrationConfigurations store) {
    this.store = store;
  }

  List<Endpoint> all() {
    return List.of(
        new Endpoint(
            HttpMethod.GET,
            IntegrationResource.PATH + "/entity/:entityType",
            Need.retrieve(Kind.INTEGRATION_CONFIGURATION),
            this::ofEntity));
  }

  /**
   * Those of an entity. m3ter's own clients disagree on what this call answers: some read a list,
   * some a single configuration, as if it were a run of it. So the answer is a list that also has
   * the properties of its first item.
   */
  private Answer ofEntity(Call call) {
    PageRequest wanted = call.query().page(IntegrationResource.PAGE_SIZE_MAX);
    Filter filter =
        new Filter(
            call.part("entityType"),
            call.query().text("entityId"),
            call.query().text("destination"),
            call.query().text("destinationId"));
    ApiError error = call.query().error();
    if (error != null) {
      return error;
    }
    Page<IntegrationConfiguration> page =
        VisiblePage.of(
            wanted,
            call.permissions().deniedItems(Action.CONFIG_RETRIEVE, Kind.INTEGRATION_CONFIGURATION),
            request -> store.list(call.caller().organization(), filter, request),
            one -> one.id().value());
    JsonText out = new JsonText().open();
    if (!page.items().isEmpty()) {
      IntegrationJson.appendProperties(out, page.items().getFirst());
    }
    return Pages.answer(out, page, IntegrationJson::append, one -> one.id().value());
  }
}
