package dev.tocsin.store;

import dev.tocsin.catalog.ScheduledDate;
import dev.tocsin.evaluate.EntityKey;
import dev.tocsin.evaluate.Judged;
import dev.tocsin.evaluate.Judged.Appointment;
import dev.tocsin.evaluate.Judged.Firing;
import dev.tocsin.evaluate.Judged.RunBirth;
import dev.tocsin.evaluate.Ledger.Skipped;
import dev.tocsin.evaluate.Rule;
import dev.tocsin.evaluate.Target;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events of a commit as the arrays that the statement {@code ledgerCommit} takes. */
final class CommitInput {
  private final List<Judged> events;
  private final Map<EntityKey, Chain> chains;
  private final Notifications notifications = new Notifications();
  private final Runs runs = new Runs();
  private final Appointments appointments = new Appointments();

  /** A chain's place in the arrays, from 1, and the writer of the state it assumes. */
  private record Chain(int number, @Nullable EventId writer) {}

  CommitInput(List<Judged> events) {
    this.events = events;
    this.chains = chains(events);
    for (int i = 0; i < events.size(); i++) {
      appointments.add(i + 1L, events.get(i));
      for (Firing firing : events.get(i).firings()) {
        long position = notifications.add(i + 1L, events.get(i), firing);
        firing.runs().forEach(run -> runs.add(position, run));
      }
    }
  }

  /** Entities of which some event of the commit took its old state from the store. */
  private static Map<EntityKey, Chain> chains(List<Judged> events) {
    Map<EntityKey, Chain> chains = new LinkedHashMap<>();
    for (Judged judged : events) {
      EntityRef entity = judged.event().entity();
      if (judged.assumption() != null && entity != null) {
        chains.putIfAbsent(
            new EntityKey(judged.organization(), entity),
            new Chain(chains.size() + 1, judged.assumption().writer()));
      }
    }
    return chains;
  }

  /** Appends $1 to $13. */
  void addEvents(Tuple tuple) {
    int size = events.size();
    UUID[] organizations = new UUID[size];
    UUID[] ids = new UUID[size];
    String[] names = new String[size];
    String[] types = new String[size];
    OffsetDateTime[] times = new OffsetDateTime[size];
    @Nullable String[] resources = new String[size];
    @Nullable String[] accounts = new String[size];
    @Nullable String[] after = new String[size];
    @Nullable String[] before = new String[size];
    @Nullable UUID[] keys = new UUID[size];
    @Nullable String[] entities = new String[size];
    @Nullable Integer[] chain = new Integer[size];
    Boolean[] derived = new Boolean[size];
    for (int i = 0; i < size; i++) {
      Judged judged = events.get(i);
      IncomingEvent event = judged.event();
      EntityRef entity = event.changed();
      organizations[i] = judged.organization().value();
      ids[i] = judged.id().value();
      names[i] = event.name().value();
      types[i] = event.category().text();
      times[i] = event.time().atOffset(ZoneOffset.UTC);
      resources[i] = event.entity() == null ? null : event.entity().id();
      accounts[i] = event.accountId();
      after[i] = json(event.after());
      before[i] = json(judged.before());
      keys[i] = event.key() == null ? null : event.key().digest();
      entities[i] = entity == null ? null : entity.entity();
      chain[i] = chainOf(judged.organization(), entity);
      derived[i] = judged.assumption() != null;
    }
    tuple.addValue(organizations).addValue(ids).addValue(names).addValue(types).addValue(times);
    tuple.addValue(resources).addValue(accounts).addValue(after).addValue(before).addValue(keys);
    tuple.addValue(entities).addValue(chain).addValue(derived);
  }

  private @Nullable Integer chainOf(OrganizationId organization, @Nullable EntityRef entity) {
    if (entity == null || chains.isEmpty()) {
      return null;
    }
    Chain chain = chains.get(new EntityKey(organization, entity));
    return chain == null ? null : chain.number();
  }

  private static @Nullable String json(@Nullable Payload payload) {
    return payload == null ? null : payload.json();
  }

  /** Appends $19 to $22. */
  void addChains(Tuple tuple) {
    List<UUID> organizations = new ArrayList<>();
    List<String> entities = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    List<@Nullable UUID> writers = new ArrayList<>();
    chains.forEach((key, chain) -> {
      organizations.add(key.organization().value());
      entities.add(key.entity().entity());
      ids.add(key.entity().id());
      writers.add(chain.writer() == null ? null : chain.writer().value());
    });
    tuple.addValue(organizations.toArray(UUID[]::new)).addValue(entities.toArray(String[]::new));
    tuple.addValue(ids.toArray(String[]::new)).addValue(writers.toArray(UUID[]::new));
  }

  /** Appends $37 to $41. */
  void addAppointments(Tuple tuple) {
    appointments.addTo(tuple);
  }

  /** What is skipped, by the position, from 1, of one that has a due time. */
  Skipped skipped(long position) {
    return appointments.skipped((int) position - 1);
  }

  /** Appends $23 to $34. */
  void addConsequences(Tuple tuple) {
    notifications.addTo(tuple);
    runs.addTo(tuple);
  }

  private static final class Notifications {
    private final List<Long> causes = new ArrayList<>();
    private final List<UUID> ids = new ArrayList<>();
    private final List<UUID> rules = new ArrayList<>();
    private final List<String> codes = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<Long> versions = new ArrayList<>();
    private final List<String> payloads = new ArrayList<>();

    long add(long cause, Judged judged, Firing firing) {
      Rule rule = firing.rule();
      causes.add(cause);
      ids.add(firing.notification().value());
      rules.add(rule.id().value());
      codes.add(rule.code());
      names.add(rule.name());
      versions.add(rule.version());
      payloads.add(payload(judged, rule));
      return ids.size();
    }

    private static String payload(Judged judged, Rule rule) {
      StringBuilder json = new StringBuilder("{\"notificationId\":\"").append(rule.id());
      EventJson.appendText(json.append("\",\"code\":"), rule.code());
      EventJson.appendText(json.append(",\"name\":"), rule.name());
      json.append(",\"version\":").append(rule.version());
      json.append(",\"causeEventId\":\"").append(judged.id());
      EventJson.appendText(json.append("\",\"causeEventName\":"), judged.event().name().value());
      return json.append('}').toString();
    }

    void addTo(Tuple tuple) {
      tuple.addValue(causes.toArray(Long[]::new)).addValue(ids.toArray(UUID[]::new));
      tuple.addValue(rules.toArray(UUID[]::new)).addValue(codes.toArray(String[]::new));
      tuple.addValue(names.toArray(String[]::new)).addValue(versions.toArray(Long[]::new));
      tuple.addValue(payloads.toArray(String[]::new));
    }
  }

  private static final class Runs {
    private final List<Long> notifications = new ArrayList<>();
    private final List<UUID> ids = new ArrayList<>();
    private final List<UUID> integrations = new ArrayList<>();
    private final List<UUID> webhooks = new ArrayList<>();
    private final List<@Nullable String> reasonsOff = new ArrayList<>();

    void add(long notification, RunBirth run) {
      notifications.add(notification);
      ids.add(run.id().value());
      integrations.add(run.target().integration().value());
      webhooks.add(run.target().webhook().value());
      reasonsOff.add(
          switch (run.target()) {
            case Target.On on -> null;
            case Target.Off off -> off.reason();
          });
    }

    void addTo(Tuple tuple) {
      tuple.addValue(notifications.toArray(Long[]::new)).addValue(ids.toArray(UUID[]::new));
      tuple.addValue(integrations.toArray(UUID[]::new)).addValue(webhooks.toArray(UUID[]::new));
      tuple.addValue(reasonsOff.toArray(String[]::new));
    }
  }

  private static final class Appointments {
    private final List<Judged> entities = new ArrayList<>();
    private final List<Appointment> all = new ArrayList<>();
    private final List<Long> events = new ArrayList<>();

    void add(long event, Judged judged) {
      for (Appointment appointment : judged.appointments()) {
        entities.add(judged);
        all.add(appointment);
        events.add(event);
      }
    }

    void addTo(Tuple tuple) {
      int size = all.size();
      UUID[] configurations = new UUID[size];
      Long[] armings = new Long[size];
      @Nullable OffsetDateTime[] times = new OffsetDateTime[size];
      @Nullable String[] values = new String[size];
      for (int i = 0; i < size; i++) {
        configurations[i] = all.get(i).date().configuration();
        armings[i] = all.get(i).date().arming();
        ScheduledDate.Due due = all.get(i).due();
        times[i] = due == null ? null : Rows.timestamp(due.at());
        values[i] = due == null ? null : due.value();
      }
      tuple.addValue(events.toArray(Long[]::new)).addValue(configurations).addValue(armings);
      tuple.addValue(times).addValue(values);
    }

    Skipped skipped(int index) {
      Judged judged = entities.get(index);
      return new Skipped(
          judged.organization(),
          all.get(index).date().configuration(),
          Objects.requireNonNull(judged.event().changed(), "an appointment is an entity's").id(),
          Objects.requireNonNull(all.get(index).due(), "what is skipped was due").at());
    }
  }
}
