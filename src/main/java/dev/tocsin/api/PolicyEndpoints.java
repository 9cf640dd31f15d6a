package dev.tocsin.api;

import dev.tocsin.access.Action;
import dev.tocsin.access.Kind;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.event.Ids;
import dev.tocsin.event.OrganizationId;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls that give permission policies to somebody, take them back, and tell who has which.
 *
 * <p>m3ter knows users, user groups and support users beside service users. There are none of these
 * here, so that each of their ids is an unknown one.
 */
final class PolicyEndpoints {
  private static final List<String> OTHERS = List.of("user", "usergroup", "supportusers");

  private final PermissionPolicies store;
  private final ResourceEndpoints resources;
  private final Ids ids;
  private final Consumer<OrganizationId> changed;

  /**
   * Calls over a store.
   *
   * @param changed told of each change, before its author is
   */
  PolicyEndpoints(
      PermissionPolicies store,
      ResourceEndpoints resources,
      Ids ids,
      Consumer<OrganizationId> changed) {
    this.store = store;
    this.resources = resources;
    this.ids = ids;
    this.changed = changed;
  }

  List<Endpoint> all() {
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.add(changing("addtoserviceuser", this::assign));
    endpoints.add(changing("removefromserviceuser", this::unassign));
    for (String other : OTHERS) {
      endpoints.add(changing("addto" + other, this::unknown));
      endpoints.add(changing("removefrom" + other, this::unknown));
    }
    endpoints.add(reading("serviceusers", this::ofServiceUser));
    endpoints.add(reading("users", call -> ApiError.missing()));
    return endpoints;
  }

  private static Endpoint changing(String name, Endpoint.Work work) {
    return new Endpoint(
        HttpMethod.POST,
        PolicyResource.PATH + "/:id/" + name,
        Need.update(Kind.PERMISSION_POLICY),
        work);
  }

  private static Endpoint reading(String holders, Endpoint.Work work) {
    return new Endpoint(
        HttpMethod.GET, holders + "/:id/permissions", Need.retrieve(Kind.SERVICE_USER), work);
  }

  private Answer assign(Call call) {
    return change(call, (author, policy, user) -> store.assign(author, policy, user, ids.next()));
  }

  private Answer unassign(Call call) {
    return change(call, store::unassign);
  }

  private Answer unknown(Call call) {
    return change(call, (author, policy, user) -> new Written.Missing<>());
  }

  /** What is done with a policy and a service user. */
  @FunctionalInterface
  private interface Change {
    Written<PolicyAssignment> of(Author author, UUID policy, ServiceUserId serviceUser);
  }

  private Answer change(Call call, Change change) {
    return switch (call.properties()) {
      case Reading.Bad<JsonProperties>(ApiError error) -> error;
      case Reading.Good<JsonProperties>(JsonProperties properties) -> {
        String principal = properties.text("principalId", PolicyJson.NAME_LENGTH_MAX);
        properties.wholeNumber("version");
        yield switch (properties.result(() -> principal)) {
          case Reading.Bad<String>(ApiError error) -> error;
          case Reading.Good<String>(String id) -> change(call, Uuids.parse(id), change);
        };
      }
    };
  }

  private Answer change(Call call, @Nullable UUID principal, Change change) {
    UUID policy = call.id();
    if (policy == null || store.find(call.caller().organization(), policy).isEmpty()) {
      return ApiError.missing();
    }
    if (principal == null) {
      return nobody();
    }
    ApiError refusal =
        Need.update(Kind.SERVICE_USER).refusal(call.permissions(), principal.toString());
    if (refusal != null) {
      return refusal;
    }
    Author author = resources.author(call);
    Written<PolicyAssignment> written = change.of(author, policy, new ServiceUserId(principal));
    if (written.isChange()) {
      changed.accept(author.organization());
    }
    if (written instanceof Written.Missing<PolicyAssignment>
        && !isServiceUser(author.organization(), new ServiceUserId(principal))) {
      return nobody();
    }
    return resources.written(call, written, PolicyJson::append);
  }

  private boolean isServiceUser(OrganizationId organization, ServiceUserId id) {
    return store.ofServiceUser(organization, id, new PageRequest(1, null)).isPresent();
  }

  private static ApiError nobody() {
    return ApiError.missing("/principalId", "there is nobody with this id in the organization");
  }

  private Answer ofServiceUser(Call call) {
    PageRequest wanted = call.query().page(PolicyResource.PAGE_SIZE_MAX);
    ApiError error = call.query().error();
    if (error != null) {
      return error;
    }
    ApiError refusal = Need.retrieve(Kind.PERMISSION_POLICY).refusal(call.permissions(), null);
    if (refusal != null) {
      return refusal;
    }
    UUID id = call.id();
    return id == null ? ApiError.missing() : ofServiceUser(call, new ServiceUserId(id), wanted);
  }

  private Answer ofServiceUser(Call call, ServiceUserId user, PageRequest wanted) {
    OrganizationId organization = call.caller().organization();
    if (!isServiceUser(organization, user)) {
      return ApiError.missing();
    }
    Page<PermissionPolicy> page =
        VisiblePage.of(
            wanted,
            call.permissions().deniedItems(Action.CONFIG_RETRIEVE, Kind.PERMISSION_POLICY),
            request ->
                store
                    .ofServiceUser(organization, user, request)
                    .orElseGet(() -> new Page<>(List.of(), false)),
            PermissionPolicy::id);
    return Pages.answer(page, PolicyJson::append, PermissionPolicy::id);
  }
}
