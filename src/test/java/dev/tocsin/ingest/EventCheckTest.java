package dev.tocsin.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.CatalogAdditions;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.Category;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.IncomingEvent.Timing;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00.123456Z");

  /** Enough for the last moment there is. */
  private static final Duration ANY_TIME = Duration.ofDays(3_660_000);

  private final EventCheck check = new EventCheck(Catalog.system(), ANY_TIME);

  static Stream<EventCheckCase> cases() {
    return EventCheckCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void events_are_what_their_cases_say(EventCheckCase one) {
    Checked checked = check.check(one.item(), NOW);

    if (one.isGood()) {
      assertThat(checked)
          .isInstanceOfSatisfying(
              Checked.Good.class, good -> assertThat(told(good.event())).isEqualTo(one.event()));
    } else {
      Checked.Bad bad = (Checked.Bad) checked;
      assertThat(new Checked.Bad(bad.code(), bad.pointer(), bad.fullMessage()))
          .isEqualTo(one.bad());
    }
  }

  @Test
  void a_custom_entitys_dates_are_checked_on_both_sides() {
    EventCheck lead =
        check(
            new CatalogAdditions(
                1, false, List.of(new CustomEntity("Lead", "crm", List.of("wonDate"))), List.of()));
    String dated =
        "{'eventName':'crm.lead.updated','new':{'id':'l','wonDate':'%s'},'old':{'wonDate':%s}}";

    assertThat(lead.check(item(dated.formatted("2026-11-23", "null")), NOW))
        .isInstanceOfSatisfying(
            Checked.Good.class,
            good -> assertThat(good.event().category()).isEqualTo(Category.CUSTOM));
    assertThat(lead.check(item(dated.formatted("soon", "null")), NOW))
        .isEqualTo(
            new Checked.Bad(
                "bad_date",
                "/new/wonDate",
                "new.wonDate must be a date (2026-11-23) or a date and time with offset"));
    assertThat(lead.check(item(dated.formatted("2026-11-23", "7")), NOW))
        .isEqualTo(
            new Checked.Bad(
                "bad_date",
                "/old/wonDate",
                "old.wonDate must be a date (2026-11-23) or a date and time with offset"));
  }

  @Test
  void an_open_catalog_takes_events_of_any_name_with_a_state_on_either_side() {
    EventCheck open = check(new CatalogAdditions(1, true, List.of(), List.of()));

    assertThat(open.check(item("{'eventName':'signup','new':{}}"), NOW))
        .isInstanceOf(Checked.Good.class);
    assertThat(open.check(item("{'eventName':'crm.lead.deleted','old':{'id':'l'}}"), NOW))
        .isInstanceOfSatisfying(
            Checked.Good.class, good -> assertThat(good.event().entity()).isNull());
    assertThat(open.check(item("{'eventName':'signup'}"), NOW))
        .isEqualTo(new Checked.Bad("missing_new", "/new", "signup must have new or old"));
    assertThat(open.check(item("{'eventName':'configuration.commitment.created'}"), NOW))
        .isEqualTo(
            new Checked.Bad(
                "missing_new", "/new", "configuration.commitment.created must have new"));
  }

  @Test
  void a_scheduled_event_is_about_its_entity_and_changes_nothing_of_it() {
    ScheduledName near = new ScheduledName(new EventName("scheduled.bill.near"), "Bill", "endDate");
    EventCheck scheduled = check(new CatalogAdditions(1, false, List.of(), List.of(near)));

    assertThat(scheduled.check(item("{'eventName':'scheduled.bill.near','new':{'id':'b1'}}"), NOW))
        .isInstanceOfSatisfying(
            Checked.Good.class,
            good -> {
              assertThat(good.event().entity()).isEqualTo(new EntityRef("Bill", "b1"));
              assertThat(good.event().changed()).isNull();
              assertThat(good.event().category()).isEqualTo(Category.SCHEDULED);
            });
  }

  private static EventCheck check(CatalogAdditions additions) {
    return new EventCheck(Catalog.system().with(additions), ANY_TIME);
  }

  private static RawItem item(String json) {
    return new EventCheckCase("", new JsonObject().put("text", json.replace('\'', '"'))).item();
  }

  @Test
  void every_code_is_on_the_page_of_the_api() throws IOException {
    String page = Files.readString(Path.of("docs/api.md"));

    assertThat(cases().filter(one -> !one.isGood()).map(one -> one.bad().code()).distinct())
        .hasSize(10)
        .allSatisfy(code -> assertThat(page).contains("`" + code + "`"));
  }

  private static JsonObject told(IncomingEvent event) {
    JsonObject told = new JsonObject();
    told.put("time", event.timing() == Timing.ARRIVED ? "arrival" : event.time().toString());
    told.put("entity", event.entity() == null ? null : event.entity().entity());
    told.put("entityId", event.entity() == null ? null : event.entity().id());
    told.put("accountId", event.accountId());
    return told;
  }

  @Test
  void a_time_may_be_a_little_ahead_and_no_more() {
    EventCheck strict = new EventCheck(Catalog.system(), Duration.ofHours(1));
    Instant last = NOW.plus(Duration.ofHours(1));

    assertThat(at(strict, last)).isInstanceOf(Checked.Good.class);
    assertThat(at(strict, last.plus(Duration.ofMillis(1))))
        .isEqualTo(
            new Checked.Bad(
                "bad_event_time",
                "/eventTime",
                "eventTime may be PT1H ahead of the server's clock, which says " + NOW));
  }

  private static Checked at(EventCheck check, Instant time) {
    return check.check(
        new EventName("configuration.plan.created"),
        time.toString(),
        Samples.payload("{\"id\":\"p\"}"),
        null,
        NOW);
  }
}
