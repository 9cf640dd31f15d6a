package dev.tocsin.store;

import dev.tocsin.access.Statement;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.DeclaredOrganization.Catalog;
import dev.tocsin.config.DeclaredOrganization.Notification;
import dev.tocsin.config.DeclaredOrganization.Policy;
import dev.tocsin.config.DeclaredOrganization.Rules;
import dev.tocsin.config.DeclaredOrganization.ScheduledEvent;
import dev.tocsin.config.DeclaredOrganization.ServiceUser;
import dev.tocsin.config.DeclaredOrganization.Webhook;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.Credentials;
import java.net.URI;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Files with few names and few values, so that any two have much in common. */
final class RandomFiles {
  private final Random random;

  RandomFiles(long seed) {
    this.random = new Random(seed);
  }

  /** One for some organization: {@link #with} names it. */
  DeclaredOrganization next() {
    List<Policy> policies = some(2, number -> new Policy("p" + number, List.of(statement())));
    List<Webhook> webhooks = some(4, this::webhook);
    return new DeclaredOrganization(
        "a.yaml:2",
        Samples.organization(0),
        "Name " + random.nextInt(2),
        ZoneId.of(random.nextBoolean() ? "UTC" : "Europe/Paris"),
        random.nextBoolean() ? null : 7,
        some(3, number -> user(number, policies)),
        policies,
        new Catalog(random.nextBoolean(), some(2, this::entity), some(3, this::scheduled)),
        new Rules(webhooks, some(5, number -> rule(number, webhooks))));
  }

  /** The same for an organization; access keys are no two organizations'. */
  static DeclaredOrganization with(OrganizationId id, DeclaredOrganization file) {
    return new DeclaredOrganization(
        file.place(),
        id,
        file.name(),
        file.timeZone(),
        file.retentionDays(),
        file.serviceUsers().stream()
            .map(user ->
                new ServiceUser(
                    user.name(), user.accessKey() + "@" + id, user.secret(), user.policies()))
            .toList(),
        file.policies(),
        file.catalog(),
        file.rules());
  }

  private Statement statement() {
    return new Statement(
        "allow", List.of(random.nextBoolean() ? "all" : "config:retrieve"), List.of("*"));
  }

  private ServiceUser user(int number, List<Policy> policies) {
    List<String> names = new ArrayList<>(List.of("administrator"));
    policies.stream().filter(policy -> random.nextBoolean()).map(Policy::name).forEach(names::add);
    return new ServiceUser(
        "u" + number, "key" + random.nextInt(2) + number, "s" + random.nextInt(2), names);
  }

  private CustomEntity entity(int number) {
    return new CustomEntity(
        "Thing" + number,
        "f" + random.nextInt(2),
        random.nextBoolean() ? List.of() : List.of("day"));
  }

  private ScheduledEvent scheduled(int number) {
    return new ScheduledEvent(
        new ScheduledName(
            new EventName("scheduled.bill.s" + number),
            "Bill",
            random.nextBoolean() ? "endDate" : "dueDate"),
        random.nextInt(2));
  }

  private Webhook webhook(int number) {
    return new Webhook(
        "a.yaml:10",
        "w" + number,
        "Name " + random.nextInt(2),
        "About it",
        URI.create("https://w" + random.nextInt(2) + ".example.com"),
        random.nextInt(3) > 0,
        random.nextBoolean() ? null : "key",
        random.nextInt(3) == 0
            ? new Credentials.Unsigned()
            : new Credentials.Signed("k", List.of("s" + random.nextInt(2))));
  }

  private Notification rule(int number, List<Webhook> webhooks) {
    boolean always = random.nextInt(3) == 0;
    return new Notification(
        "a.yaml:20",
        "r" + number,
        "Name " + random.nextInt(2),
        "About it",
        Samples.UPDATED,
        random.nextInt(3) > 0,
        always,
        always ? null : "new.amount > " + random.nextInt(2),
        webhooks.stream().filter(webhook -> random.nextBoolean()).map(Webhook::code).toList());
  }

  private <T> List<T> some(int most, Function<Integer, T> made) {
    List<T> some = new ArrayList<>();
    for (int number = 0; number < most; number++) {
      if (random.nextInt(3) > 0) {
        some.add(made.apply(number));
      }
    }
    return some;
  }
}
