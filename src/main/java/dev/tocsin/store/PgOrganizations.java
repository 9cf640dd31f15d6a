package dev.tocsin.store;

import dev.tocsin.config.Applied;
import dev.tocsin.config.Applied.Change;
import dev.tocsin.config.Applied.Item;
import dev.tocsin.config.Applied.Refused;
import dev.tocsin.config.Applied.What;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.DeclaredOrganization.Notification;
import dev.tocsin.config.DeclaredOrganization.Webhook;
import dev.tocsin.config.Problem;
import dev.tocsin.event.Ids;
import dev.tocsin.event.OrganizationId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** Organizations in PostgreSQL, as the configuration files declare them. */
public final class PgOrganizations {
  /** Who made what a file declares. */
  private static final String DECLARING = "system";

  private final Database database;
  private final Ids ids;
  private final InstantSource clock;
  private final SecretKey hashing;
  private final CredentialsSeal seal;

  /**
   * Organizations over a pool.
   *
   * @param ids of what is new
   * @param hashing the key that access keys' secrets are hashed with
   * @param seal for webhooks' credentials
   */
  public PgOrganizations(
      Database database, Ids ids, InstantSource clock, SecretKey hashing, CredentialsSeal seal) {
    this.database = database;
    this.ids = ids;
    this.clock = clock;
    this.hashing = hashing;
    this.seal = seal;
  }

  /**
   * Makes the database say what the files say: organizations with name and time zone, and of what
   * is declared or managed exactly those service users, access keys, permission policies, entities,
   * scheduled events, webhooks, rules and links between these, beside the policy that is built in.
   * What has a name or a code keeps its id while that is declared; a service user who is declared
   * twice has both access keys and all policies. What was made through the API stays as it is, but
   * for an entity or a scheduled event whose name is declared now. Repeating it changes nothing,
   * and nodes that start at once take turns.
   *
   * <p>An organization that something stands in the way of stays as it is, and the others are
   * declared: what a tenant made through the API must not keep the files of others from being
   * applied.
   *
   * <p>All is one statement, so that it is in force as a whole or not at all, and no lock that
   * events wait for is held for a round trip: a node that stalls stops nobody. An organization
   * whose rules are others has them from one version of its rule set to the next; one whose rules
   * are as they were keeps nobody waiting. What loses against a change at the same moment is done
   * again.
   *
   * <p>An organization that no file declares any more stays as it is, its service users and access
   * keys with it: to remove a file is not to delete an organization. To shut its callers out,
   * declare it without service users. One that was erased is not made again by a file that still
   * declares it; the others are declared all the same.
   */
  public Applied declare(List<DeclaredOrganization> declared) {
    return Conflicts.retried("organizationsDeclare", () -> declareOnce(declared));
  }

  private Applied declareOnce(List<DeclaredOrganization> declared) {
    UUID[] organizations = declared.stream().map(one -> one.id().value()).toArray(UUID[]::new);
    DeclaredWebhooks there =
        new DeclaredWebhooks(
            database.run("webhooksDeclared", Tuple.tuple().addValue(organizations)));
    String json = new DeclarationJson(ids, hashing, seal, there).of(declared);
    return applied(
        database.run(
            "organizationsDeclare", Tuple.of(json, DECLARING, Rows.timestamp(clock.instant()))),
        declared.stream().collect(Collectors.toMap(DeclaredOrganization::id, Function.identity())));
  }

  private static Applied applied(
      RowSet<Row> rows, Map<OrganizationId, DeclaredOrganization> declared) {
    Map<OrganizationId, Change> changes = new LinkedHashMap<>();
    List<Refused> erased = new ArrayList<>();
    List<Refused> conflicts = new ArrayList<>();
    for (Row row : rows) {
      DeclaredOrganization one = declared.get(new OrganizationId(row.getUUID("organization_id")));
      if (one == null) {
        throw new IllegalStateException("answered of what was not asked: " + row.toJson());
      }
      switch (row.getString("kind")) {
        case "ERASED" -> erased.add(new Refused(one.id(), erased(one, row)));
        case "CONFLICT" -> conflicts.add(new Refused(one.id(), conflict(one, row)));
        default -> changes.merge(one.id(), change(one, row), PgOrganizations::joined);
      }
    }
    return new Applied(List.copyOf(changes.values()), conflicts, erased);
  }

  private static Change change(DeclaredOrganization declared, Row row) {
    What what = What.valueOf(row.getString("kind"));
    return new Change(
        declared.id(),
        row.getLong("version"),
        List.of(new Item(row.getString("section"), row.getString("name"), what)));
  }

  private static Change joined(Change some, Change more) {
    List<Item> items = new ArrayList<>(some.items());
    items.addAll(more.items());
    return new Change(some.organization(), some.ruleSetVersion(), items);
  }

  private static Problem erased(DeclaredOrganization declared, Row row) {
    return new Problem(
        declared.place(),
        "organization.id: "
            + named(declared.id(), declared.name())
            + " was erased on "
            + row.getOffsetDateTime("at").toInstant().truncatedTo(ChronoUnit.SECONDS)
            + " and is not made again: remove the file, or give what it declares another id");
  }

  private static Problem conflict(DeclaredOrganization declared, Row row) {
    String name = row.getString("name");
    UUID otherId = row.getUUID("other_id");
    String otherName = row.getString("other_name");
    return switch (row.getString("section")) {
      case "ACCESS_KEY" ->
          new Problem(
              declared.place(),
              "serviceUsers.accessKey: "
                  + named(declared.id(), declared.name())
                  + " has the access key "
                  + name
                  + ", which belongs to somebody else already, in "
                  + named(new OrganizationId(otherId), otherName));
      case "WEBHOOK" ->
          new Problem(
              place(declared, webhook(declared, name)),
              taken("webhooks", "webhook", name, otherId, otherName));
      case "NOTIFICATION" ->
          new Problem(
              place(declared, notification(declared, name)),
              taken("notifications", "notification configuration", name, otherId, otherName));
      case "WEBHOOK_IN_USE" ->
          new Problem(
              declared.place(),
              "webhooks: "
                  + name
                  + " is declared no more, and the notification configuration "
                  + otherName
                  + " ("
                  + otherId
                  + ") is sent to it, which was made through the API: remove that link first");
      default -> throw new IllegalStateException("an unknown conflict: " + row.toJson());
    };
  }

  private static String taken(
      String section, String called, String code, UUID otherId, String otherName) {
    return section
        + ".code: "
        + code
        + " belongs to a "
        + called
        + " that was made through the API, \""
        + otherName
        + "\" ("
        + otherId
        + "): give this one another code, or delete that one first";
  }

  private static @Nullable String webhook(DeclaredOrganization declared, String code) {
    return declared.rules().webhooks().stream()
        .filter(webhook -> webhook.code().equals(code))
        .map(Webhook::place)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable String notification(DeclaredOrganization declared, String code) {
    return declared.rules().notifications().stream()
        .filter(notification -> notification.code().equals(code))
        .map(Notification::place)
        .findFirst()
        .orElse(null);
  }

  private static String place(DeclaredOrganization declared, @Nullable String own) {
    return own == null ? declared.place() : own;
  }

  private static String named(OrganizationId id, String name) {
    return "organization " + name + " (" + id + ")";
  }
}
