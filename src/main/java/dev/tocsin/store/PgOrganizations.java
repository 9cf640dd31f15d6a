package dev.tocsin.store;

import dev.tocsin.access.SecretHash;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.config.ConfigurationException;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.DeclaredOrganization.Policy;
import dev.tocsin.config.DeclaredOrganization.ScheduledEvent;
import dev.tocsin.config.DeclaredOrganization.ServiceUser;
import dev.tocsin.config.Problem;
import dev.tocsin.event.Ids;
import dev.tocsin.event.OrganizationId;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.crypto.SecretKey;

/** Organizations in PostgreSQL, as the configuration files declare them. */
public final class PgOrganizations {
  /** Who made what a file declares. */
  private static final String DECLARING = "system";

  private final Database database;
  private final Ids ids;
  private final InstantSource clock;
  private final SecretKey hashing;

  /**
   * Organizations over a pool.
   *
   * @param ids of new service users
   * @param hashing the key that access keys' secrets are hashed with
   */
  public PgOrganizations(Database database, Ids ids, InstantSource clock, SecretKey hashing) {
    this.database = database;
    this.ids = ids;
    this.clock = clock;
    this.hashing = hashing;
  }

  /**
   * Makes the database say what the files say: organizations with name and time zone, exactly those
   * entities and scheduled events that are declared for them, and of what is managed exactly those
   * service users, access keys and permission policies, beside the policy that is built in. A
   * service user keeps its id while its name is declared; one that is declared twice has both
   * access keys and all policies. What was made through the API stays as it is, but for an entity
   * or a scheduled event whose name is declared now. Repeating it changes nothing, and nodes that
   * start at once take turns.
   *
   * <p>Organizations and who may call for them are declared in one transaction; then for each its
   * entities, its scheduled events and its time zone, each by a statement that is a transaction. So
   * no locks that changes and commits of events wait for are held for a round trip, or for another
   * organization's sake. Who starts after an end in between makes up for it. What loses against a
   * change at the same moment is done again.
   *
   * <p>An organization that no file declares any more stays as it is, its service users and access
   * keys with it: to remove a file is not to delete an organization. To shut its callers out,
   * declare it without service users. One that was erased is not made again by a file that still
   * declares it; the others are declared all the same.
   *
   * @return what the operator has to do about files that declare erased organizations
   * @throws ConfigurationException when an access key belongs to another organization; nothing is
   *     then changed
   */
  public List<Problem> declare(List<DeclaredOrganization> declaredOnes) {
    OffsetDateTime now = Rows.timestamp(clock.instant());
    Map<OrganizationId, OffsetDateTime> erased =
        Conflicts.retried(
            "callersDeclare",
            () -> database.inTransaction(session -> declareCallers(session, declaredOnes, now)));
    List<Problem> undeclared = new ArrayList<>();
    for (DeclaredOrganization declared : declaredOnes) {
      OffsetDateTime when = erased.get(declared.id());
      if (when == null) {
        run("customEntitiesDeclare", entities(declared, now));
        run("scheduledEventsDeclare", scheduled(declared, now));
        run("organizationMove", zone(declared, now));
      } else {
        undeclared.add(problem(declared, when));
      }
    }
    return undeclared;
  }

  private void run(String statement, Tuple parameters) {
    Conflicts.retried(statement, () -> database.run(statement, parameters));
  }

  /** Answers which of the organizations were erased, and when. */
  private Map<OrganizationId, OffsetDateTime> declareCallers(
      Database.Session session, List<DeclaredOrganization> declaredOnes, OffsetDateTime now) {
    session.run("organizationsTurn", Tuple.tuple());
    Map<OrganizationId, OffsetDateTime> erased = erased(session, declaredOnes);
    List<DeclaredOrganization> organizations =
        declaredOnes.stream().filter(declared -> !erased.containsKey(declared.id())).toList();
    // Keys go before any is added, so that one may move from an organization to another.
    organizations.forEach(declared -> {
      session.run("organizationMake", made(declared, now));
      session.run("organizationBegin", Tuple.of(declared.id().value()));
      session.run(
          "accessKeysRemoveOthers", others(declared, texts(declared, ServiceUser::accessKey)));
    });
    List<Problem> problems = new ArrayList<>();
    organizations.forEach(declared -> {
      session.run("permissionPoliciesDeclare", policies(declared, now));
      session.run("permissionPoliciesRemoveOthers", others(declared, policyNames(declared)));
      session.run("serviceUsersDeclare", users(declared, now));
      for (Row taken : session.run("accessKeysDeclare", keys(declared, now))) {
        problems.add(problem(declared, taken));
      }
      session.run("serviceUsersRemoveOthers", others(declared, texts(declared, ServiceUser::name)));
      session.run("permissionPoliciesDeclareAssignments", assignments(declared, now));
    });
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    organizations.forEach(declared -> {
      session.run("organizationDeclare", about(declared));
      session.run("catalogDeclare", Tuple.of(declared.id().value(), declared.catalog().open()));
    });
    return erased;
  }

  private static Map<OrganizationId, OffsetDateTime> erased(
      Database.Session session, List<DeclaredOrganization> declared) {
    Tuple ids = Tuple.tuple();
    ids.addValue(declared.stream().map(one -> one.id().value()).toArray(UUID[]::new));
    Map<OrganizationId, OffsetDateTime> erased = new HashMap<>();
    for (Row row : session.run("organizationsErased", ids)) {
      erased.put(
          new OrganizationId(row.getUUID("organization_id")),
          row.getOffsetDateTime("dt_requested"));
    }
    return erased;
  }

  private static Problem problem(DeclaredOrganization declared, OffsetDateTime erased) {
    return new Problem(
        declared.place(),
        "organization.id: "
            + named(declared.id(), declared.name())
            + " was erased on "
            + erased.toInstant().truncatedTo(ChronoUnit.SECONDS)
            + " and is not made again: remove the file, or give what it declares another id");
  }

  private static Tuple made(DeclaredOrganization declared, OffsetDateTime now) {
    return Tuple.of(declared.id().value(), declared.name(), declared.timeZone().getId(), now)
        .addValue(declared.retentionDays());
  }

  private static Tuple about(DeclaredOrganization declared) {
    return Tuple.of(declared.id().value(), declared.name()).addValue(declared.retentionDays());
  }

  private static Tuple zone(DeclaredOrganization declared, OffsetDateTime now) {
    return RuleSetChange.parameters(declared.id())
        .addValue(declared.timeZone().getId())
        .addValue(now);
  }

  private Tuple scheduled(DeclaredOrganization declared, OffsetDateTime now) {
    List<ScheduledEvent> events = declared.catalog().scheduledEvents();
    return RuleSetChange.parameters(declared.id())
        .addValue(events.stream().map(event -> ids.next()).toArray(UUID[]::new))
        .addValue(events.stream().map(event -> event.name().name().value()).toArray(String[]::new))
        .addValue(events.stream().map(event -> event.name().entity()).toArray(String[]::new))
        .addValue(events.stream().map(event -> event.name().field()).toArray(String[]::new))
        .addValue(events.stream().map(ScheduledEvent::offset).toArray(Integer[]::new))
        .addValue(DECLARING)
        .addValue(now);
  }

  private static Tuple entities(DeclaredOrganization declared, OffsetDateTime now) {
    List<CustomEntity> entities = declared.catalog().entities();
    return RuleSetChange.parameters(declared.id())
        .addValue(entities.stream().map(CustomEntity::name).toArray(String[]::new))
        .addValue(entities.stream().map(CustomEntity::family).toArray(String[]::new))
        .addValue(
            entities.stream()
                .map(entity -> String.join(",", entity.dateFields()))
                .toArray(String[]::new))
        .addValue(DECLARING)
        .addValue(now);
  }

  private static Tuple others(DeclaredOrganization declared, String[] declaredOnes) {
    return Tuple.of(declared.id().value()).addValue(declaredOnes);
  }

  /** Those that are declared, and the one that is built in. */
  private static List<Policy> policies(DeclaredOrganization declared) {
    return Stream.concat(Stream.of(Policy.ADMINISTRATOR), declared.policies().stream()).toList();
  }

  private static String[] policyNames(DeclaredOrganization declared) {
    return policies(declared).stream().map(Policy::name).toArray(String[]::new);
  }

  private Tuple policies(DeclaredOrganization declared, OffsetDateTime now) {
    return Tuple.of(declared.id().value())
        .addValue(policies(declared).stream().map(policy -> ids.next()).toArray(UUID[]::new))
        .addValue(policyNames(declared))
        .addValue(
            policies(declared).stream()
                .map(policy -> StatementsText.of(policy.statements()))
                .toArray(String[]::new))
        .addValue(now);
  }

  private Tuple assignments(DeclaredOrganization declared, OffsetDateTime now) {
    List<UUID> assignments = new ArrayList<>();
    List<String> users = new ArrayList<>();
    List<String> policies = new ArrayList<>();
    for (ServiceUser user : declared.serviceUsers()) {
      for (String policy : user.policies()) {
        assignments.add(ids.next());
        users.add(user.name());
        policies.add(policy);
      }
    }
    return Tuple.of(declared.id().value())
        .addValue(assignments.toArray(UUID[]::new))
        .addValue(users.toArray(String[]::new))
        .addValue(policies.toArray(String[]::new))
        .addValue(now);
  }

  private Tuple users(DeclaredOrganization declared, OffsetDateTime now) {
    return Tuple.of(declared.id().value())
        .addValue(declared.serviceUsers().stream().map(user -> ids.next()).toArray(UUID[]::new))
        .addValue(texts(declared, ServiceUser::name))
        .addValue(now);
  }

  private Tuple keys(DeclaredOrganization declared, OffsetDateTime now) {
    Buffer[] hashes =
        declared.serviceUsers().stream()
            .map(user -> SecretHash.of(hashing, user.accessKey(), user.secret()).bytes())
            .map(Buffer::buffer)
            .toArray(Buffer[]::new);
    return Tuple.of(declared.id().value())
        .addValue(texts(declared, ServiceUser::accessKey))
        .addValue(texts(declared, ServiceUser::name))
        .addValue(hashes)
        .addValue(now);
  }

  private static String[] texts(DeclaredOrganization declared, Function<ServiceUser, String> text) {
    return declared.serviceUsers().stream().map(text).toArray(String[]::new);
  }

  private static Problem problem(DeclaredOrganization declared, Row taken) {
    return new Problem(
        named(declared.id(), declared.name()),
        "the access key "
            + taken.getString("access_key")
            + " belongs to somebody else already, in "
            + named(
                new OrganizationId(taken.getUUID("organization_id")),
                taken.getString("organization_name")));
  }

  private static String named(OrganizationId id, String name) {
    return "organization " + name + " (" + id + ")";
  }
}
