package dev.tocsin.store;

import dev.tocsin.access.ServiceUserId;
import dev.tocsin.api.Author;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.PermissionPolicies;
import dev.tocsin.api.PermissionPolicy;
import dev.tocsin.api.PolicyAssignment;
import dev.tocsin.api.Written;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.event.OrganizationId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Permission policies in PostgreSQL. */
public final class PgPermissionPolicies implements PermissionPolicies {
  private final Database database;

  /** Permission policies over a pool. */
  public PgPermissionPolicies(Database database) {
    this.database = database;
  }

  @Override
  public Page<PermissionPolicy> list(
      OrganizationId organization, List<UUID> ids, PageRequest page) {
    Tuple parameters =
        Tuple.of(organization.value(), Rows.below(page), Rows.limit(page))
            .addValue(Rows.anyOf(ids, Function.identity()));
    return Rows.page(
        database.run("permissionPolicyList", parameters), page, PgPermissionPolicies::read);
  }

  @Override
  public Optional<PermissionPolicy> find(OrganizationId organization, UUID id) {
    return Rows.first(database.run("permissionPolicyFind", Tuple.of(organization.value(), id)))
        .map(PgPermissionPolicies::read);
  }

  @Override
  public Written<PermissionPolicy> create(
      Author author, UUID id, PermissionPolicy.Content content, Set<CustomEntity> entities) {
    Tuple parameters = parameters(author, id, content).addValue(EntityHold.asRead(entities));
    return EntityHold.refusedOr(() -> written("permissionPolicyCreate", parameters)).orElseThrow();
  }

  @Override
  public Written<PermissionPolicy> update(
      Author author,
      UUID id,
      long version,
      PermissionPolicy.Content content,
      Set<CustomEntity> entities) {
    Tuple parameters =
        parameters(author, id, content).addValue(version).addValue(EntityHold.asRead(entities));
    return EntityHold.refusedOr(() -> written("permissionPolicyUpdate", parameters))
        .orElseGet(() -> notChanged(author, id));
  }

  @Override
  public Written<PermissionPolicy> delete(Author author, UUID id) {
    return written("permissionPolicyDelete", Tuple.of(author.organization().value(), id))
        .orElseGet(() -> notChanged(author, id));
  }

  private static Tuple parameters(Author author, UUID id, PermissionPolicy.Content content) {
    Tuple parameters =
        Tuple.of(author.organization().value(), id, content.name())
            .addValue(StatementsText.of(content.statements()));
    return RuleSetChange.signed(parameters, author);
  }

  private Optional<Written<PermissionPolicy>> written(String statement, Tuple parameters) {
    return Rows.first(database.run(statement, parameters))
        .map(row -> new Written.Saved<>(read(row)));
  }

  private Written<PermissionPolicy> notChanged(Author author, UUID id) {
    return find(author.organization(), id)
        .map(PgPermissionPolicies::readOnlyOrStale)
        .orElseGet(Written.Missing::new);
  }

  private static Written<PermissionPolicy> readOnlyOrStale(PermissionPolicy now) {
    if (!now.managed()) {
      return new Written.Stale<>(now.audit().version());
    }
    return now.content().name().equals(DeclaredOrganization.Policy.ADMINISTRATOR.name())
        ? new Written.BuiltIn<>()
        : new Written.DeclaredInFile<>();
  }

  @Override
  public Optional<Page<PermissionPolicy>> ofServiceUser(
      OrganizationId organization, ServiceUserId serviceUser, PageRequest page) {
    Tuple user = Tuple.of(organization.value(), serviceUser.value());
    if (Rows.first(database.run("serviceUserFind", user)).isEmpty()) {
      return Optional.empty();
    }
    Tuple parameters =
        Tuple.of(organization.value(), Rows.below(page), Rows.limit(page), serviceUser.value());
    return Optional.of(
        Rows.page(
            database.run("permissionPolicyListOfServiceUser", parameters),
            page,
            PgPermissionPolicies::read));
  }

  @Override
  public Written<PolicyAssignment> assign(
      Author author, UUID policy, ServiceUserId serviceUser, UUID id) {
    UUID organization = author.organization().value();
    Tuple key = Tuple.of(organization, policy, serviceUser.value());
    Tuple made =
        RuleSetChange.signed(Tuple.of(organization, policy, serviceUser.value(), id), author)
            .addValue(PER_SERVICE_USER_MAX);
    return database.inTransaction(session ->
        ServiceUserLock.<PolicyAssignment>refusal(session, author.organization(), serviceUser)
            .orElseGet(() ->
                Rows.first(session.run("permissionPolicyAssignmentFind", key))
                    .or(() -> Rows.first(session.run("permissionPolicyAssign", made)))
                    .<Written<PolicyAssignment>>map(
                        row -> new Written.Saved<>(assignment(policy, serviceUser, row)))
                    .orElseGet(() -> notAssigned(session, organization, policy))));
  }

  private static Written<PolicyAssignment> notAssigned(
      Database.Session session, UUID organization, UUID policy) {
    return Rows.first(session.run("permissionPolicyFind", Tuple.of(organization, policy)))
        .<Written<PolicyAssignment>>map(there -> new Written.Full<>(PER_SERVICE_USER_MAX))
        .orElseGet(Written.Missing::new);
  }

  @Override
  public Written<PolicyAssignment> unassign(Author author, UUID policy, ServiceUserId serviceUser) {
    Tuple key = Tuple.of(author.organization().value(), policy, serviceUser.value());
    return database.inTransaction(session ->
        ServiceUserLock.<PolicyAssignment>refusal(session, author.organization(), serviceUser)
            .orElseGet(() ->
                Rows.first(session.run("permissionPolicyUnassign", key))
                    .<Written<PolicyAssignment>>map(
                        row -> new Written.Saved<>(assignment(policy, serviceUser, row)))
                    .orElseGet(Written.Missing::new)));
  }

  private static PermissionPolicy read(Row row) {
    return new PermissionPolicy(
        row.getUUID("id"),
        new PermissionPolicy.Content(
            row.getString("name"), StatementsText.read(row.getString("statements"))),
        row.getBoolean("managed"),
        Rows.audit(row));
  }

  private static PolicyAssignment assignment(UUID policy, ServiceUserId serviceUser, Row row) {
    return new PolicyAssignment(
        row.getUUID("id"),
        policy,
        serviceUser,
        row.getOffsetDateTime("dt_created").toInstant(),
        row.getString("created_by"));
  }
}
