package dev.tocsin.api;

import dev.tocsin.access.Action;
import dev.tocsin.access.Kind;
import dev.tocsin.api.IntegrationConfiguration.Content;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.spelling.Nearest;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says of an integration configuration why nothing will be sent by it, or the same twice. It is
 * accepted all the same: m3ter has other systems to integrate, and what it links may be made later.
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

  /** Of so many others that do the same, it is enough to know one that may be named. */
  private static final int OTHERS_MAX = 20;

  private final IntegrationConfigurations links;
  private final NotificationConfigurations rules;
  private final Webhooks webhooks;

  /**
   * Warnings about links.
   *
   * @param links all of them
   * @param rules what they begin at
   * @param webhooks what they lead to
   */
  IntegrationWarnings(
      IntegrationConfigurations links, NotificationConfigurations rules, Webhooks webhooks) {
    this.links = links;
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
  List<Flaw> of(Call call, IntegrationConfiguration link) {
    Content content = link.content();
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
    if (warnings.isEmpty()) {
      addOther(call, link, warnings);
    }
    return warnings;
  }

  /** Another link of the same two sends the same a second time. */
  private void addOther(Call call, IntegrationConfiguration link, List<Flaw> warnings) {
    RuleId rule = new RuleId(named(link.content().entityId()));
    WebhookId webhook = new WebhookId(named(link.content().destinationId()));
    links.linking(call.caller().organization(), rule, webhook, OTHERS_MAX).stream()
        .filter(other -> !other.equals(link.id()) && mayKnow(call, other))
        .findFirst()
        .ifPresent(other ->
            warnings.add(
                new Flaw.InBody(
                    "/" + DESTINATION.id(),
                    "every notification is sent twice while both are enabled: the integration"
                        + " configuration "
                        + other
                        + " links the same two")));
  }

  /** The id of an end that was found to be one. */
  private static UUID named(@Nullable String id) {
    return Objects.requireNonNull(Uuids.parse(Objects.requireNonNull(id)));
  }

  private static boolean mayKnow(Call call, IntegrationId link) {
    return call.permissions()
        .permit(Action.CONFIG_RETRIEVE, Kind.INTEGRATION_CONFIGURATION, link.toString());
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
