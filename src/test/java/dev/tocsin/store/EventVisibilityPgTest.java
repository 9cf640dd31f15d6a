package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.access.Permissions;
import dev.tocsin.access.Statement;
import dev.tocsin.api.Events;
import dev.tocsin.api.Events.Filter;
import dev.tocsin.api.Events.Period;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Viewer;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.rule.RuleId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random policies and events against a model that knows no SQL: of each event it notes the
 * resources that a denial may name to hide it, spelled as statements spell them, and compares them
 * as texts.
 */
class EventVisibilityPgTest {
  private static final int ROUNDS = 60;
  private static final int EVENTS = 120;
  private static final Instant FIRST = Instant.parse("2026-11-22T01:00:00Z");
  private static final List<String> ENTITIES =
      List.of("product", "plan", "account", "bill", "compoundaggregation");
  private static final List<String> IDS = List.of("x-1", "x-2", "X/3");
  private static final UUID RULE = new UUID(0x0123456789AB7000L, 0x8000000000000001L);
  private static final String LINK = new UUID(0x0123456789AB7000L, 0x8000000000000003L).toString();
  private static final String WEBHOOK =
      new UUID(0x0123456789AB7000L, 0x8000000000000004L).toString();
  private static final UUID OTHER_RULE = new UUID(0x0123456789AB7000L, 0x8000000000000002L);

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private final Random random = new Random(20261127);
  private final List<Made> made = new ArrayList<>();
  private OrganizationId acme;
  private Database pool;
  private Events events;
  private PgEventTail tail;

  /**
   * An event, oldest first.
   *
   * @param names what a denial may name to hide it, beside what hides all
   * @param isReadable whether it can be told what it is about; else any denial hides it
   * @param fired whether the rule fired on it
   */
  private record Made(
      EventId id, String name, Set<String> names, boolean isReadable, boolean fired) {
    boolean isHiddenBy(Set<String> denied) {
      boolean isAll =
          Stream.of("*", "config:*", "config:event/*", "config:event/item/*")
              .anyMatch(denied::contains);
      return isAll
          || names.stream().anyMatch(denied::contains)
          || (!isReadable && denied.stream().anyMatch(one -> !one.startsWith("measurements:")));
    }
  }

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    pool = postgres.open("events", PgEvents.SESSION);
    events = new PgEvents(pool, StoreSamples.EVERYTHING);
    tail = PgEventTail.open(pool, StoreSamples.EVERYTHING, new EventId(StoreSamples.id()));
    for (int i = 0; i < EVENTS; i++) {
      makeEvent(i);
    }
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void lists_look_ups_marks_and_streams_show_what_the_model_shows() {
    int hidden = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<Statement> statements = statements();
      Set<String> denied = denied(statements);
      Viewer viewer = new Viewer(acme, Permissions.of(statements).hiddenEvents());
      List<Made> visible = made.stream().filter(one -> !one.isHiddenBy(denied)).toList();
      hidden += made.size() - visible.size();

      int size = 1 + random.nextInt(20);
      assertThat(listed(viewer, size, filter(null, List.of(), null)))
          .as("page size %s, %s", size, statements)
          .containsExactlyElementsOf(newestFirst(visible));
      String name = made.get(random.nextInt(made.size())).name();
      assertThat(listed(viewer, size, filter(name, List.of(), null)))
          .as("%s, %s", name, statements)
          .containsExactlyElementsOf(
              newestFirst(visible.stream().filter(one -> one.name().equals(name)).toList()));
      boolean isRuleHidden =
          Stream.of("*", "item/" + RULE)
              .anyMatch(one -> denied.contains("config:notificationconfiguration/" + one));
      List<EventId> visibleOfRule =
          newestFirst(visible.stream().filter(one -> one.fired() && !isRuleHidden).toList());
      assertThat(listed(viewer, size, filter(null, List.of(), new RuleId(RULE))))
          .as("of the rule, %s", statements)
          .containsExactlyElementsOf(visibleOfRule);
      assertThat(listed(viewer, size, filter(null, visibleOfRule, new RuleId(RULE))))
          .as("of the rule and by id, %s", statements)
          .containsExactlyElementsOf(visibleOfRule);
      List<EventId> some =
          made.stream().filter(one -> random.nextInt(4) == 0).map(Made::id).toList();
      List<EventId> visibleOfSome =
          newestFirst(visible.stream().filter(one -> some.contains(one.id())).toList());
      assertThat(listed(viewer, size, filter(null, some, null)))
          .as("of some, %s", statements)
          .containsExactlyElementsOf(visibleOfSome);
      assertThat(events.action(viewer, some, true, FIRST))
          .as("marked, %s", statements)
          .extracting(StoredEvent::id)
          .containsExactlyElementsOf(visibleOfSome);
      assertThat(tail.visible(acme, viewer.hidden(), some))
          .as("streamed, %s", statements)
          .containsExactlyInAnyOrderElementsOf(visibleOfSome);
      Made one = made.get(random.nextInt(made.size()));
      assertThat(tail.start(acme, viewer.hidden(), one.id()).isPresent())
          .as("resumed after %s, %s", one, statements)
          .isEqualTo(visible.contains(one));
      assertThat(events.find(viewer, one.id()).isPresent())
          .as("%s, %s", one, statements)
          .isEqualTo(visible.contains(one));
    }
    assertThat(hidden)
        .as("hidden in all")
        .isBetween(ROUNDS * EVENTS / 10, ROUNDS * EVENTS * 9 / 10);
  }

  @Test
  void a_hidden_event_is_not_marked_behind_its_readers_back() {
    Viewer blind =
        new Viewer(
            acme,
            Permissions.of(List.of(new Statement("deny", List.of("all"), List.of("*"))))
                .hiddenEvents());
    events.action(blind, made.stream().map(Made::id).toList(), true, FIRST);

    assertThat(
            postgres.value(
                "select count(dt_actioned) from event where organization_id = '" + acme + "'"))
        .isEqualTo("0");
  }

  /** What PostgreSQL cannot read may be of any account. Nobody else's lists wait for it to try. */
  @Test
  void an_old_state_is_read_only_for_those_from_whom_an_account_is_hidden() {
    EventId id = new EventId(id(EVENTS));
    insert(id, "configuration.plan.updated", "ConfigurationEvent", "p", "a", "{}");
    postgres.execute("update event set old = '{\"x\":\"\\u0000\"}' where id = '" + id + "'");

    assertThat(events.find(denied("config:product/*", "config:plan/item/accounts"), id))
        .isPresent();
    assertThat(events.find(denied("config:account/item/b"), id)).isEmpty();
  }

  /** Types are left out by what Java finds in their names, and events by what SQL does. */
  @Test
  void names_of_any_form_are_judged_as_they_are_outside_of_the_database() {
    List<String> parts = List.of("product", "Plan", "order", "I", "x-1", "configuration", "/:_");
    for (int round = 0; round < 200; round++) {
      List<String> some = Stream.generate(() -> one(parts)).limit(1 + random.nextInt(5)).toList();
      String name = String.join(".", some);
      HiddenEvents hidden = new HiddenEvents(Set.of(one(parts).toLowerCase(Locale.ROOT)));

      assertThat(
              postgres.value(
                  "select event_is_hidden(array['%s'], '%s', '%s', '%s', 'CustomEvent', null, null, '{}', null)"
                      .formatted(
                          String.join("", hidden.names()), acme, made.getFirst().id(), name)))
          .as("%s for whom %s are hidden", name, hidden)
          .isEqualTo(hidden.hides(new EventName(name)) ? "t" : "f");
    }
  }

  private Viewer denied(String... resources) {
    Statement deny = new Statement("deny", List.of("all"), List.of(resources));
    return new Viewer(acme, Permissions.of(List.of(deny)).hiddenEvents());
  }

  private static List<EventId> newestFirst(List<Made> some) {
    return some.reversed().stream().map(Made::id).toList();
  }

  /** The pages of a list, each checked to be full but the last. */
  private List<EventId> listed(Viewer viewer, int size, Filter filter) {
    return StoreSamples.pages(
            size,
            (PageRequest page) -> events.list(viewer, filter, page),
            event -> event.id().value())
        .stream()
        .flatMap(List::stream)
        .map(StoredEvent::id)
        .toList();
  }

  private static Filter filter(@Nullable String name, List<EventId> ids, @Nullable RuleId rule) {
    return new Filter(ids, name, null, null, null, rule, null, true, Period.ALWAYS);
  }

  private List<Statement> statements() {
    List<Statement> statements = new ArrayList<>();
    statements.add(new Statement("allow", List.of("all"), List.of("*")));
    int more = 1 + random.nextInt(3);
    for (int i = 0; i < more; i++) {
      List<String> resources = new ArrayList<>();
      int count = 1 + random.nextInt(3);
      for (int j = 0; j < count; j++) {
        resources.add(resource());
      }
      statements.add(
          new Statement(
              random.nextInt(4) == 0 ? "ALLOW" : "Deny",
              List.of(one(List.of("all", "config:retrieve", "CONFIG_RETRIEVE", "config:update"))),
              resources));
    }
    return statements;
  }

  private String resource() {
    return switch (random.nextInt(30)) {
      case 24 -> "config:integrationconfiguration/*";
      case 25 -> "config:integrationconfiguration/item/" + LINK;
      case 26 -> "config:webhook/*";
      case 27 -> "config:webhook/item/" + WEBHOOK;
      case 28 -> "config:notificationconfiguration/item/" + OTHER_RULE;
      case 0 -> "config:event/*";
      case 1 -> "config:notificationconfiguration/*";
      case 2 -> "config:notificationconfiguration/item/" + RULE.toString().toUpperCase(Locale.ROOT);
      case 3, 4, 5 -> "config:event/item/" + made.get(random.nextInt(made.size())).id();
      case 6 -> "measurements:" + one(ENTITIES) + "/*";
      case 7, 8, 9, 10 -> "config:" + one(ENTITIES) + "/*";
      default -> "config:" + one(ENTITIES) + "/item/" + one(IDS);
    };
  }

  /** What is denied to retrieve, spelled as {@link Made#names} is. */
  private static Set<String> denied(List<Statement> statements) {
    Set<String> denied = new TreeSet<>();
    for (Statement statement : statements) {
      if (statement.effect().equals("Deny")
          && !statement.actions().equals(List.of("config:update"))) {
        statement
            .resources()
            .forEach(
                one -> denied.add(one.contains("/item/0123") ? one.toLowerCase(Locale.ROOT) : one));
      }
    }
    return denied;
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private void makeEvent(int number) {
    EventId id = new EventId(id(number));
    switch (random.nextInt(10)) {
      case 0, 1 -> notification(id);
      case 2 -> failure(id);
      case 4 -> deliveryFailure(id);
      case 5 -> free(id);
      case 6 -> scheduled(id);
      case 3 -> {
        insert(id, "dataexport.job.failure", "DataExportJobFailure", null, null, "{}");
        made.add(new Made(id, "dataexport.job.failure", names(id, null, null, null), true, false));
      }
      default -> change(id);
    }
  }

  private void change(EventId id) {
    String entity = one(ENTITIES);
    String resource = one(IDS);
    String account = account(entity, resource);
    String accountBefore = accountBefore(entity);
    String name = "configuration." + entity + ".updated";
    insert(id, name, "ConfigurationEvent", resource, account, "{}");
    Set<String> names = names(id, entity, resource, account);
    if (accountBefore != null) {
      postgres.execute(
          "update event set old = '{\"accountId\":\"%s\"}' where id = '%s'"
              .formatted(accountBefore, id));
      names.add("config:account/item/" + accountBefore);
    }
    made.add(new Made(id, name, names, true, false));
  }

  /** Is about the entity of its configuration, whatever its name says. */
  private void scheduled(EventId id) {
    String entity = one(ENTITIES);
    String named = one(ENTITIES);
    String resource = one(IDS);
    String account = account(entity, resource);
    int form = random.nextInt(4);
    String name = form == 0 ? "10 Days After Bill Due Date" : "scheduled." + named + ".theEnd";
    // An account's date may be told of by a name that says something else, and then by no account
    // id.
    String column = form == 1 && entity.equals("account") ? null : account;
    String json =
        form == 2
            ? "{\"scheduled\":{\"entity\":\"\\u0000\"}}"
            : "{\"id\":\"%s\",\"scheduled\":{\"configurationId\":\"c\",\"entity\":\"%s\"}}"
                .formatted(resource, capital(entity));
    insert(id, name, "ScheduledEvent", resource, column, json);
    Set<String> names = names(id, entity, resource, account);
    if (form != 0) {
      names.addAll(names(id, named, resource, account));
    }
    made.add(new Made(id, name, names, form != 2, false));
  }

  private static String capital(String entity) {
    return Character.toUpperCase(entity.charAt(0)) + entity.substring(1);
  }

  /** Of an open catalog: what such an event is about, nobody said. */
  private void free(EventId id) {
    String entity = one(ENTITIES);
    String other = one(ENTITIES);
    String name =
        switch (random.nextInt(5)) {
          case 0 -> entity;
          case 1 -> entity + ".sold";
          case 2 -> "shop." + entity;
          case 3 -> "shop." + other + "." + entity + ".sold";
          default -> other + "." + entity + "." + other;
        };
    String account = random.nextBoolean() ? one(IDS) : null;
    insert(id, name, "CustomEvent", null, account, "{}");
    Set<String> names = names(id, null, null, account);
    names.add("config:" + entity + "/*");
    if (name.startsWith("shop." + other + ".")) {
      names.add("config:" + other + "/*");
    }
    made.add(new Made(id, name, names, true, false));
  }

  /** Tells of a random event before it, which says whose it is. */
  private void notification(EventId id) {
    List<Made> causes =
        made.stream()
            .filter(one -> !one.name().startsWith("notification.") && !one.fired())
            .toList();
    if (causes.isEmpty()) {
      change(id);
      return;
    }
    Made cause = one(causes);
    UUID rule = random.nextBoolean() ? RULE : OTHER_RULE;
    String account = accountOf(cause);
    insert(
        id,
        "notification.product.code",
        "Notification",
        rule.toString(),
        account,
        "{\"causeEventId\":\"" + cause.id() + "\",\"causeEventName\":\"" + cause.name() + "\"}");
    if (rule.equals(RULE)) {
      made.set(
          made.indexOf(cause),
          new Made(cause.id(), cause.name(), cause.names(), cause.isReadable(), true));
      postgres.execute(
          "update event set fired = array['%s']::uuid[] where organization_id = '%s' and id = '%s'"
              .formatted(RULE, acme, cause.id()));
    }
    Set<String> names = names(id, "notificationconfiguration", rule.toString(), account);
    names.addAll(cause.names());
    made.add(new Made(id, "notification.product.code", names, cause.isReadable(), false));
  }

  /** Names the rule, the link and the webhook, and the event that the rule fired on. */
  private void deliveryFailure(EventId id) {
    List<Made> causes = made.stream().filter(one -> one.name().startsWith("conf")).toList();
    if (causes.isEmpty()) {
      change(id);
      return;
    }
    Made cause = one(causes);
    Made told = one(made);
    String account = accountOf(cause);
    insert(
        id,
        "integration.perform.error",
        "IntegrationEvent",
        null,
        account,
        "{\"integrationConfigId\":\"%s\",\"destinationId\":\"%s\",\"notificationId\":\"%s\",\"eventId\":\"%s\",\"notificationEventId\":\"%s\"}"
            .formatted(LINK, WEBHOOK, OTHER_RULE, cause.id(), told.id()));
    // It was the notification that was not delivered.
    Set<String> names = names(id, "integrationconfiguration", LINK, account);
    names.addAll(names(id, "notificationconfiguration", OTHER_RULE.toString(), null));
    names.addAll(names(id, "webhook", WEBHOOK, null));
    names.addAll(cause.names());
    names.add("config:event/item/" + told.id());
    made.add(new Made(id, "integration.perform.error", names, true, false));
  }

  /** The account that an event names, by what hides it. */
  private @Nullable String accountOf(Made cause) {
    String value = postgres.value("select account_id from event where id = '" + cause.id() + "'");
    return value.equals("null") ? null : value;
  }

  private void failure(EventId id) {
    String entity = one(ENTITIES);
    String resource = one(IDS);
    String account = account(entity, resource);
    String accountBefore = accountBefore(entity);
    int form = random.nextInt(8);
    String other = one(ENTITIES);
    boolean isScheduled = form == 3 && random.nextBoolean();
    String subject = state(resource, account);
    if (isScheduled) {
      subject =
          subject.replaceFirst("}$", ",\"scheduled\":{\"entity\":\"" + capital(other) + "\"}}");
    }
    String before = accountBefore == null ? "" : ",\"old\":" + state(resource, accountBefore);
    String name =
        random.nextInt(4) == 0 ? "shop." + entity : "configuration." + entity + ".created";
    String event = "\"eventName\":\"" + name + "\"";
    // Of a name that there is not, nobody can say which entity its author meant.
    String code = form == 4 ? "unknown_event_name" : form == 5 ? "bad_cloud_event" : "c";
    String cloudEvent = "{\"specversion\":\"1.0\",\"type\":\"" + name + "\",\"data\":{";
    String original =
        switch (form) {
          case 0 -> "\"cut in the mid\"";
          case 1 -> "{" + event + ",\"new\":{\"id\":\"\\u0000\"}}";
          case 2 -> "{" + event + ",\"new\":7,\"old\":" + subject + "}";
          case 5, 6 -> cloudEvent + "\"new\":" + subject + before + "}}";
          // What it calls itself besides, as an extension, is none of ours.
          case 7 ->
              cloudEvent
                  + "\"old\":"
                  + subject
                  + "},\"eventName\":\"a.b.c\",\"new\":{\"id\":\"x\"}}";
          default -> "{" + event + ",\"new\":" + subject + before + "}";
        };
    boolean isReadable = form == 2 || form == 3 || form >= 6;
    Set<String> names =
        isReadable ? names(id, entity, resource, account) : names(id, null, null, null);
    if (isScheduled) {
      names.addAll(names(id, other, resource, null));
    }
    if (accountBefore != null && (form == 3 || form == 6)) {
      names.add("config:account/item/" + accountBefore);
    }
    insert(
        id,
        "ingest.validation.failure",
        "IngestValidationFailure",
        null,
        null,
        "{\"code\":\"" + code + "\",\"original\":" + original + "}");
    made.add(new Made(id, "ingest.validation.failure", names, isReadable, false));
  }

  /** An account's events are its own. */
  private @Nullable String account(String entity, String resource) {
    return entity.equals("account") ? resource : random.nextBoolean() ? one(IDS) : null;
  }

  /** The account that an item was in before; an account is in none. */
  private @Nullable String accountBefore(String entity) {
    return entity.equals("account") || random.nextBoolean() ? null : one(IDS);
  }

  private static String state(String resource, @Nullable String account) {
    return "{\"id\":\""
        + resource
        + "\""
        + (account == null ? "" : ",\"accountId\":\"" + account + "\"")
        + "}";
  }

  private static Set<String> names(
      EventId id, @Nullable String entity, @Nullable String resource, @Nullable String account) {
    Set<String> names = new TreeSet<>();
    names.add("config:event/item/" + id);
    if (entity != null) {
      names.add("config:" + entity + "/*");
      names.add("config:" + entity + "/item/" + resource);
    }
    if (account != null) {
      names.add("config:account/item/" + account);
    }
    return names;
  }

  private void insert(
      EventId id,
      String name,
      String type,
      @Nullable String resource,
      @Nullable String account,
      String json) {
    postgres.execute(
        "insert into event (organization_id, id, event_name, event_type, event_time, resource_id,"
            + " account_id, new) values ('%s', '%s', '%s', '%s', now(), %s, %s, '%s')"
                .formatted(acme, id, name, type, text(resource), text(account), json));
  }

  private static String text(@Nullable String value) {
    return value == null ? "null" : "'" + value + "'";
  }

  /** Over three days of partitions. */
  private UUID id(int number) {
    long millis = FIRST.plusSeconds(1_800L * number).toEpochMilli();
    return new UUID(millis << 16 | 0x7000, Long.MIN_VALUE | acme.value().getLeastSignificantBits());
  }
}
