package dev.tocsin.api;

import dev.tocsin.access.Action;
import dev.tocsin.access.Kind;
import dev.tocsin.api.IntegrationConfiguration.Content;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.spelling.Nearest;
import dev.tocsin.webhook.WebhookId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says of an integration configuration why nothing will be sent by it. It is accepted all the same:
 * m3ter has other systems to integrate, and what it links may be made later.
 */
final class IntegrationWarnings {
  private static final End ENTITY =
      new End(
          "entityType",
          IntegrationJson.ENTITY_TYPE,
          "entityId",
          Kind.NOTIFICATION_CONFIGURATION,
          "notification configuration");
  private static final End DESTINATION =
      new End("destination", IntegrationJson.DESTINATION, "destinationId", Kind.WEBHOOK, "webhook");

  private final NotificationConfigurations rules;
  private final Webhooks webhooks;

  /**
   * Warnings about links.
   *
   * @param rules what they begin at
   * @param webhooks what they lead to
   */
  IntegrationWarnings(NotificationConfigurations rules, Webhooks webhooks) {
    this.rules = rules;
    this.webhooks = webhooks;
  }

  /**
   * One of the two ends of a link.
   *
   * @param ours the only type of it that anything is sent from, or to
   */
  private record End(String type, String ours, String id, Kind kind, String called) {}

  /** Those that a caller may be given: of an end that he may not read he learns nothing. */
  List<Flaw> of(Call call, Content content) {
    OrganizationId organization = call.caller().organization();
    List<Flaw> warnings = new ArrayList<>();
    String flaw =
        flaw(
            call,
            ENTITY,
            content.entityType(),
            content.entityId(),
            id -> rules.find(organization, new RuleId(id)).isPresent());
    if (flaw != null) {
      warnings.add(new Flaw.InBody(place(ENTITY, content.entityType()), flaw));
    }
    flaw =
        flaw(
            call,
            DESTINATION,
            content.destination(),
            content.destinationId(),
            id -> webhooks.find(organization, new WebhookId(id)).isPresent());
    if (flaw != null) {
      warnings.add(new Flaw.InBody(place(DESTINATION, content.destination()), flaw));
    }
    return warnings;
  }

  private static String place(End end, String type) {
    return "/" + (type.equalsIgnoreCase(end.ours()) ? end.id() : end.type());
  }

  private static @Nullable String flaw(
      Call call, End end, String type, @Nullable String id, Predicate<UUID> exists) {
    if (!type.equalsIgnoreCase(end.ours())) {
      return "nothing will be sent: what this server sends are Notifications to Webhooks"
          + Nearest.suggestion(type, List.of(end.ours()));
    }
    if (id == null) {
      return "nothing will be sent: no " + end.called() + " is named";
    }
    UUID parsed = Uuids.parse(id);
    boolean isThere =
        parsed != null
            && (!call.permissions().permit(Action.CONFIG_RETRIEVE, end.kind(), parsed.toString())
                || exists.test(parsed));
    return isThere ? null : "nothing will be sent: no " + end.called() + " has this id";
  }
}
