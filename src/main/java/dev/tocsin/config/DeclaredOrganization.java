package dev.tocsin.config;

import dev.tocsin.access.Statement;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.event.OrganizationId;
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
    Catalog catalog) {
  public DeclaredOrganization {
    serviceUsers = List.copyOf(serviceUsers);
    policies = List.copyOf(policies);
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
}
