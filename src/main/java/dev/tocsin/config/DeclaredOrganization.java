package dev.tocsin.config;

import dev.tocsin.access.Statement;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.Credentials;
import java.net.URI;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An organization as its file declares it.
 *
 * @param place the file and line of its id
 * @param retentionDays for how many days its events are kept; null for as many as the server's are
 */
public record DeclaredOrganization(
    String place,
    OrganizationId id,
    String name,
    ZoneId timeZone,
    @Nullable Integer retentionDays,
    List<ServiceUser> serviceUsers,
    List<Policy> policies,
    Catalog catalog,
    Rules rules) {
  public DeclaredOrganization {
    serviceUsers = List.copyOf(serviceUsers);
    policies = List.copyOf(policies);
    Objects.requireNonNull(rules);
  }

  /** An organization that sends nothing. */
  public DeclaredOrganization(
      String place,
      OrganizationId id,
      String name,
      ZoneId timeZone,
      @Nullable Integer retentionDays,
      List<ServiceUser> serviceUsers,
      List<Policy> policies,
      Catalog catalog) {
    this(place, id, name, timeZone, retentionDays, serviceUsers, policies, catalog, Rules.NONE);
  }

  /** Whether another says the same, wherever it stands: a comment above it moves its lines. */
  public boolean saysAs(@Nullable DeclaredOrganization other) {
    return other != null && withoutPlaces().equals(other.withoutPlaces());
  }

  private DeclaredOrganization withoutPlaces() {
    return new DeclaredOrganization(
        "",
        id,
        name,
        timeZone,
        retentionDays,
        serviceUsers,
        policies,
        catalog,
        new Rules(
            rules.webhooks().stream().map(Webhook::withoutPlace).toList(),
            rules.notifications().stream().map(Notification::withoutPlace).toList()));
  }

  /** A permission policy; service users have it by its name. */
  public record Policy(String name, List<Statement> statements) {
    /** What every organization has: whoever holds it may do everything there. */
    public static final Policy ADMINISTRATOR =
        new Policy("administrator", List.of(new Statement("allow", List.of("all"), List.of("*"))));

    public Policy {
      statements = List.copyOf(statements);
    }
  }

  /**
   * The event types it has besides those of the system.
   *
   * @param open whether events of any other name are accepted too
   */
  public record Catalog(
      boolean open, List<CustomEntity> entities, List<ScheduledEvent> scheduledEvents) {
    /** None. */
    public static final Catalog OF_THE_SYSTEM = new Catalog(false, List.of());

    public Catalog {
      entities = List.copyOf(entities);
      scheduledEvents = List.copyOf(scheduledEvents);
    }

    /** Event types without scheduled events. */
    public Catalog(boolean open, List<CustomEntity> entities) {
      this(open, entities, List.of());
    }
  }

  /**
   * A scheduled event configuration.
   *
   * @param offset how many days after the date, or before it, when negative
   */
  public record ScheduledEvent(ScheduledName name, int offset) {
    public ScheduledEvent {
      Objects.requireNonNull(name);
    }
  }

  /**
   * Somebody who may ask for tokens.
   *
   * @param policies the names of the permission policies the user has
   */
  public record ServiceUser(String name, String accessKey, String secret, List<String> policies) {
    public ServiceUser {
      policies = List.copyOf(policies);
    }

    @Override
    public String toString() {
      return "ServiceUser[" + name + ", " + accessKey + ", " + policies + "]";
    }
  }

  /** What it is notified of, and where that is sent. */
  public record Rules(List<Webhook> webhooks, List<Notification> notifications) {
    /** Of nothing. */
    public static final Rules NONE = new Rules(List.of(), List.of());

    public Rules {
      webhooks = List.copyOf(webhooks);
      notifications = List.copyOf(notifications);
    }
  }

  /**
   * A webhook, with its credentials.
   *
   * @param place the file and line of its code, by which it is known
   */
  public record Webhook(
      String place,
      String code,
      String name,
      String description,
      URI url,
      boolean active,
      @Nullable String credentialsName,
      Credentials credentials) {
    public Webhook {
      Objects.requireNonNull(url);
      Objects.requireNonNull(credentials);
    }

    private Webhook withoutPlace() {
      return new Webhook("", code, name, description, url, active, credentialsName, credentials);
    }
  }

  /**
   * A notification configuration, that is a rule, with what it is sent to.
   *
   * @param place the file and line of its code, by which it is known
   * @param calculation null only if it always fires
   * @param webhooks the codes of declared webhooks, each once
   */
  public record Notification(
      String place,
      String code,
      String name,
      String description,
      EventName eventName,
      boolean active,
      boolean alwaysFireEvent,
      @Nullable String calculation,
      List<String> webhooks) {
    public Notification {
      Objects.requireNonNull(eventName);
      webhooks = List.copyOf(webhooks);
    }

    private Notification withoutPlace() {
      return new Notification(
          "", code, name, description, eventName, active, alwaysFireEvent, calculation, webhooks);
    }
  }
}
