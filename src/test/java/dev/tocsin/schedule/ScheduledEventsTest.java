package dev.tocsin.schedule;

import static dev.tocsin.schedule.MemoryScheduleStore.due;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Category;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import dev.tocsin.event.Transition;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduledEventsTest {
  private static final Instant DUE = Instant.parse("2026-11-23T08:00:00Z");
  private static final String MEMBER =
      "\"scheduled\":{\"configurationId\":\"00000000-0000-0007-0000-000000000001\",\"entity\":\"Bill\","
          + "\"field\":\"endDate\",\"value\":\"2026-11-18\",\"offset\":5,"
          + "\"due\":\"2026-11-23T08:00:00Z\"}";

  @Test
  void it_is_about_the_entity_when_it_was_due_and_changes_nothing() {
    IncomingEvent event =
        ScheduledEvents.of(due(1, 1, "b1", DUE, "{\"id\":\"b1\",\"accountId\":\"a1\"}"));

    assertThat(event.name().value()).isEqualTo("scheduled.bill.e1");
    assertThat(event.category()).isEqualTo(Category.SCHEDULED);
    assertThat(event.time()).isEqualTo(DUE);
    assertThat(event.entity()).isEqualTo(new EntityRef("Bill", "b1"));
    assertThat(event.accountId()).isEqualTo("a1");
    assertThat(event.transition()).isEqualTo(Transition.NONE);
    assertThat(event.changed()).isNull();
    assertThat(event.key())
        .isEqualTo(
            IdempotencyKey.ofProducer(
                "schedule:00000000-0000-0007-0000-000000000001:b1:2026-11-23T08:00:00Z"));
  }

  @Test
  void an_account_is_its_own() {
    DueEvent bill = due(1, 1, "a7", DUE, "{\"id\":\"a7\",\"accountId\":\"other\"}");
    DueEvent account =
        new DueEvent(
            bill.organization(),
            bill.configuration(),
            bill.name(),
            new EntityRef("Account", "a7"),
            bill.field(),
            bill.value(),
            bill.offset(),
            bill.due(),
            bill.armed(),
            bill.state());

    assertThat(ScheduledEvents.of(account).accountId()).isEqualTo("a7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | {MEMBER}",
        "{ } | { MEMBER}",
        "{\"a\": 1.50, \"é\":\"}\"} | {\"a\": 1.50, \"é\":\"}\",MEMBER}",
        "{\"scheduled\":1} | {MEMBER}",
        "{ \"scheduled\" : {\"a\":[1]} , \"b\":2 } | { \"b\":2 ,MEMBER}",
        "{\"a\":1, \"scheduled\":\"x\", \"b\":2} | {\"a\":1, \"b\":2,MEMBER}",
        "{\"a\":1,\"scheduled\":[{}]} | {\"a\":1,MEMBER}",
        "{\"a\":12345,\"scheduled\":-1.5e3 } | {\"a\":12345 ,MEMBER}",
        "{\"a\":{\"scheduled\":1}} | {\"a\":{\"scheduled\":1},MEMBER}"
      })
  void the_state_stays_as_it_was_received_and_ends_with_our_member(String state, String json)
      throws IOException {
    Payload payload =
        Objects.requireNonNull(ScheduledEvents.of(due(1, 1, "b1", DUE, state)).after());

    assertThat(payload.json()).isEqualTo(json.replace("MEMBER", MEMBER));
    assertThat(payload).isEqualTo(JsonValues.payload(payload.json()));
  }
}
