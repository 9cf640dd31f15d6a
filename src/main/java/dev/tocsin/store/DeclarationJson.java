package dev.tocsin.store;

import dev.tocsin.access.SecretHash;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.DeclaredOrganization.Notification;
import dev.tocsin.config.DeclaredOrganization.Policy;
import dev.tocsin.config.DeclaredOrganization.ScheduledEvent;
import dev.tocsin.config.DeclaredOrganization.ServiceUser;
import dev.tocsin.config.DeclaredOrganization.Webhook;
import dev.tocsin.event.Ids;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.WebhookId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.crypto.SecretKey;

/** Writes declared organizations as {@code organizationsDeclare} takes them. */
final class DeclarationJson {
  private final Ids ids;
  private final SecretKey hashing;
  private final CredentialsSeal seal;
  private final DeclaredWebhooks there;

  /**
   * A writer of one declaration.
   *
   * @param there the webhooks that are declared by now
   */
  DeclarationJson(Ids ids, SecretKey hashing, CredentialsSeal seal, DeclaredWebhooks there) {
    this.ids = ids;
    this.hashing = hashing;
    this.seal = seal;
    this.there = there;
  }

  String of(List<DeclaredOrganization> organizations) {
    return all(organizations, this::organization).encode();
  }

  private JsonObject organization(DeclaredOrganization declared) {
    List<ServiceUser> users = declared.serviceUsers();
    List<Notification> rules = declared.rules().notifications();
    return new JsonObject()
        .put("id", declared.id().toString())
        .put("stripe", RuleSetLock.stripe(declared.id()))
        .put("name", declared.name())
        .put("time_zone", declared.timeZone().getId())
        .put("retention_days", declared.retentionDays())
        .put("open_catalog", declared.catalog().open())
        .put("policies", all(policies(declared), this::policy))
        .put("users", all(users, this::user))
        .put("keys", all(users, this::key))
        .put("assignments", each(users, this::assignments))
        .put("webhooks", all(declared.rules().webhooks(), one -> webhook(declared, one)))
        .put("rules", all(rules, this::rule))
        .put("links", each(rules, this::links))
        .put("scheduled", all(declared.catalog().scheduledEvents(), this::scheduled))
        .put("entities", all(declared.catalog().entities(), DeclarationJson::entity));
  }

  /** Those that are declared, and the one that is built in. */
  private static List<Policy> policies(DeclaredOrganization declared) {
    return Stream.concat(Stream.of(Policy.ADMINISTRATOR), declared.policies().stream()).toList();
  }

  private JsonObject policy(Policy policy) {
    return identified()
        .put("name", policy.name())
        .put("statements", StatementsText.of(policy.statements()));
  }

  private JsonObject user(ServiceUser user) {
    return identified().put("name", user.name());
  }

  private JsonObject key(ServiceUser user) {
    byte[] hash = SecretHash.of(hashing, user.accessKey(), user.secret()).bytes();
    return new JsonObject()
        .put("access_key", user.accessKey())
        .put("user_name", user.name())
        .put("secret_hash", bytes(hash));
  }

  private Stream<JsonObject> assignments(ServiceUser user) {
    return user.policies().stream()
        .map(policy -> identified().put("user_name", user.name()).put("policy_name", policy));
  }

  /** Credentials are sealed anew only if they are others: no two seals are alike. */
  private JsonObject webhook(DeclaredOrganization declared, Webhook webhook) {
    DeclaredWebhooks.There before = there.find(declared.id(), webhook.code());
    WebhookId id = before == null ? new WebhookId(ids.next()) : before.id();
    boolean isKept =
        before != null
            && webhook
                .credentials()
                .equals(seal.open(declared.id(), id, before.sealed().getBytes()));
    return new JsonObject()
        .put("id", id.toString())
        .put("before", before == null ? null : before.version())
        .put("code", webhook.code())
        .put("name", webhook.name())
        .put("description", webhook.description())
        .put("url", webhook.url().toString())
        .put("active", webhook.active())
        .put("credentials_id", ids.next().toString())
        .put("credentials_name", webhook.credentialsName())
        .put("credentials_empty", webhook.credentials() instanceof Credentials.Unsigned)
        .put("sealed", isKept ? null : bytes(seal.seal(declared.id(), id, webhook.credentials())));
  }

  private JsonObject rule(Notification rule) {
    return identified()
        .put("code", rule.code())
        .put("name", rule.name())
        .put("description", rule.description())
        .put("event_name", rule.eventName().value())
        .put("active", rule.active())
        .put("always_fire_event", rule.alwaysFireEvent())
        .put("calculation", rule.calculation());
  }

  private Stream<JsonObject> links(Notification rule) {
    return rule.webhooks().stream()
        .map(webhook -> identified().put("rule", rule.code()).put("webhook", webhook));
  }

  private JsonObject scheduled(ScheduledEvent event) {
    return identified()
        .put("name", event.name().name().value())
        .put("entity", event.name().entity())
        .put("field", event.name().field())
        .put("offset_days", event.offset());
  }

  private static JsonObject entity(CustomEntity entity) {
    return new JsonObject()
        .put("name", entity.name())
        .put("family", entity.family())
        .put("date_fields", new JsonArray(entity.dateFields()));
  }

  private JsonObject identified() {
    return new JsonObject().put("id", ids.next().toString());
  }

  /** As PostgreSQL reads bytes from text. */
  private static String bytes(byte[] bytes) {
    return "\\x" + HexFormat.of().formatHex(bytes);
  }

  private static <T> JsonArray all(Collection<T> items, Function<T, JsonObject> json) {
    return each(items, item -> Stream.of(json.apply(item)));
  }

  private static <T> JsonArray each(Collection<T> items, Function<T, Stream<JsonObject>> json) {
    return new JsonArray(items.stream().flatMap(json).toList());
  }
}
