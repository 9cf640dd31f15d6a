package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.EventId;
import dev.tocsin.flow.IngestAnswer;
import dev.tocsin.flow.IngestAnswer.Busy.Scope;
import dev.tocsin.flow.Settlement.Fired;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IngestAnswerJsonTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void each_event_is_answered_with_what_became_of_it() {
    IngestAnswer answer =
        new IngestAnswer.Processed(
            List.of(
                new IngestAnswer.Accepted(0, id(1), false, List.of()),
                new IngestAnswer.Accepted(
                    2, id(2), true, List.of(new Fired(id(3), "a\"b"), new Fired(id(4), "c")))),
            List.of(new IngestAnswer.Rejected(1, "missing_new", "it must have new", id(5))));

    assertThat(IngestAnswerJson.of(answer))
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
    assertThat(IngestAnswerJson.of(new IngestAnswer.Busy(Scope.ORGANIZATION, SECOND)))
        .isEqualTo(ApiError.tooManyRequests(SECOND));
    assertThat(IngestAnswerJson.of(new IngestAnswer.Busy(Scope.SERVER, SECOND)))
        .isEqualTo(ApiError.busy(SECOND));
    assertThat(IngestAnswerJson.of(new IngestAnswer.Unavailable("not in time", SECOND)))
        .isEqualTo(ApiError.unavailable("not in time", SECOND));
    assertThat(ApiError.tooManyRequests(SECOND).status()).isEqualTo(429);
    assertThat(ApiError.busy(SECOND).status()).isEqualTo(503);
    assertThat(ApiError.unavailable("", SECOND).status()).isEqualTo(503);
  }

  @Test
  void a_malformed_request_is_told_where() {
    assertThat(IngestAnswerJson.of(new IngestAnswer.Malformed("no", "/events/1")))
        .isInstanceOfSatisfying(
            ApiError.class,
            error ->
                assertThat(error.json())
                    .isEqualTo(
                        "{\"message\":\"/events/1: no\",\"code\":\"malformed_body\","
                            + "\"errors\":[{\"pointer\":\"/events/1\",\"message\":\"no\"}]}"));
    assertThat(IngestAnswerJson.of(new IngestAnswer.TooLarge("much")))
        .isEqualTo(ApiError.tooLarge("much"));
  }

  private static EventId id(int number) {
    return new EventId(new UUID(0, number));
  }
}
