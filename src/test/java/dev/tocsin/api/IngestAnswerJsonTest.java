package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Permissions;
import dev.tocsin.access.Statement;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.flow.IngestAnswer;
import dev.tocsin.flow.IngestAnswer.Busy.Scope;
import dev.tocsin.flow.Settlement.Fired;
import dev.tocsin.rule.RuleId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IngestAnswerJsonTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final RuleId RULE = new RuleId(new UUID(1, 1));
  private static final RuleId OTHER = new RuleId(new UUID(1, 2));
  private static final Permissions ALL =
      Permissions.of(List.of(new Statement("allow", List.of("all"), List.of("*"))));

  @Test
  void each_event_is_answered_with_what_became_of_it() {
    IngestAnswer answer =
        new IngestAnswer.Processed(
            List.of(
                new IngestAnswer.Accepted(0, id(1), false, List.of()),
                new IngestAnswer.Accepted(
                    2,
                    id(2),
                    true,
                    List.of(new Fired(id(3), RULE, "a\"b"), new Fired(id(4), OTHER, "c")))),
            List.of(new IngestAnswer.Rejected(1, "missing_new", "it must have new", null, id(5))));

    assertThat(IngestAnswerJson.of(answer, ALL))
        .isEqualTo(
            new Answer.Ok(
                ("{'accepted':[{'index':0,'id':'00000000-0000-0000-0000-000000000001',"
                        + "'duplicate':false,'notifications':[]},"
                        + "{'index':2,'id':'00000000-0000-0000-0000-000000000002',"
                        + "'duplicate':true,'notifications':["
                        + "{'id':'00000000-0000-0000-0000-000000000003','code':'a\\'b'},"
                        + "{'id':'00000000-0000-0000-0000-000000000004','code':'c'}]}],"
                        + "'rejected':[{'index':1,'code':'missing_new',"
                        + "'message':'it must have new',"
                        + "'failureEventId':'00000000-0000-0000-0000-000000000005'}]}")
                    .replace('\'', '"')));
  }

  @Test
  void a_refusal_says_whose_limit_was_reached_and_when_to_come_back() {
    assertThat(IngestAnswerJson.of(new IngestAnswer.Busy(Scope.ORGANIZATION, SECOND), ALL))
        .isEqualTo(ApiError.tooManyRequests(SECOND));
    assertThat(IngestAnswerJson.of(new IngestAnswer.Busy(Scope.SERVER, SECOND), ALL))
        .isEqualTo(ApiError.busy(SECOND));
    assertThat(IngestAnswerJson.of(new IngestAnswer.Unavailable("not in time", SECOND), ALL))
        .isEqualTo(ApiError.unavailable("not in time", SECOND));
    assertThat(ApiError.tooManyRequests(SECOND).status()).isEqualTo(429);
    assertThat(ApiError.busy(SECOND).status()).isEqualTo(503);
    assertThat(ApiError.unavailable("", SECOND).status()).isEqualTo(503);
  }

  @Test
  void a_malformed_request_is_told_where() {
    assertThat(IngestAnswerJson.of(new IngestAnswer.Malformed("no", "/events/1"), ALL))
        .isInstanceOfSatisfying(
            ApiError.class,
            error ->
                assertThat(error.json())
                    .isEqualTo(
                        "{\"message\":\"/events/1: no\",\"code\":\"malformed_body\","
                            + "\"errors\":[{\"pointer\":\"/events/1\",\"message\":\"no\"}]}"));
    assertThat(IngestAnswerJson.of(new IngestAnswer.TooLarge("much"), ALL))
        .isEqualTo(ApiError.tooLarge("much"));
  }

  @Test
  void what_the_sender_may_not_know_is_left_out() {
    IngestAnswer answer =
        new IngestAnswer.Processed(
            List.of(
                new IngestAnswer.Accepted(
                    0, id(1), false, List.of(new Fired(id(3), RULE, "a"), fired(OTHER)))),
            List.of(
                new IngestAnswer.Rejected(
                    1, "x", "no such", new EventName("crm.lead.created"), id(5))));

    assertThat(told(answer, "deny", "config:notificationconfiguration/item/" + RULE))
        .contains("\"c\"", "did you mean crm.lead.created?")
        .doesNotContain("\"a\"");
    assertThat(told(answer, "deny", "config:notificationconfiguration/*"))
        .contains("\"notifications\":[]");
    assertThat(told(answer, "deny", "config:lead/*"))
        .contains("\"a\"", "\"c\"", "\"message\":\"no such\"");
    assertThat(
            text(
                IngestAnswerJson.of(
                    answer,
                    Permissions.of(
                        List.of(
                            statement("allow", "config:notificationconfiguration/item/" + RULE))))))
        .contains("\"a\"")
        .doesNotContain("\"c\"");
  }

  /** What a repeated id finds may be any event, also one that is hidden from the sender. */
  @Test
  void of_a_repeated_id_only_those_learn_what_it_set_off_who_may_see_every_event() {
    List<Fired> fired = List.of(new Fired(id(3), RULE, "a"));
    IngestAnswer posted =
        new IngestAnswer.Processed(
            List.of(new IngestAnswer.Accepted(0, id(1), true, fired)), List.of());
    IngestAnswer state = new IngestAnswer.Changed(id(1), null, true, fired);

    for (IngestAnswer answer : List.of(posted, state)) {
      assertThat(told(answer, "deny", "config:product/item/p-1"))
          .contains("\"duplicate\":true,\"notifications\":[]");
      assertThat(told(answer, "allow", "config:product/*")).contains("\"a\"");
    }
  }

  private static Fired fired(RuleId rule) {
    return new Fired(id(4), rule, "c");
  }

  private static String told(IngestAnswer answer, String effect, String resource) {
    return text(
        IngestAnswerJson.of(
            answer, Permissions.of(List.of(statement("allow", "*"), statement(effect, resource)))));
  }

  private static String text(Answer answer) {
    return ((Answer.Ok) answer).json();
  }

  private static Statement statement(String effect, String resource) {
    return new Statement(effect, List.of("config:retrieve"), List.of(resource));
  }

  private static EventId id(int number) {
    return new EventId(new UUID(0, number));
  }
}
