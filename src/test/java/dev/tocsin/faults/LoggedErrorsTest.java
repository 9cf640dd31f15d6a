package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LoggedErrorsTest {
  private static final String AT = "2026-11-27T06:01:25.941Z ";
  private static final String UNHANDLED = AT + "ERROR ContextImpl Unhandled exception";
  private static final String TWICE = "java.lang.IllegalStateException: Promise already completed";
  private static final String SENDING =
      "\tat io.vertx.core.eventbus.impl.clustered.OutboundConnection.writeMessage"
          + "(OutboundConnection.java:86)";
  private static final String OURS = AT + "ERROR Courier outcomes not written";

  @Test
  void what_a_library_gets_over_is_none() {
    assertThat(
            LoggedErrors.in(
                List.of(
                    AT + "INFO  Membership node left 10.100.1.12 members=2",
                    UNHANDLED,
                    TWICE,
                    "\tat io.vertx.core.Promise.fail(Promise.java:104)",
                    SENDING)))
        .isEmpty();
  }

  @Test
  void an_error_of_ours_is_not_excused_by_what_is_logged_after_it() {
    assertThat(LoggedErrors.in(List.of(OURS, UNHANDLED, TWICE, SENDING))).containsExactly(OURS);
  }

  @Test
  void another_logger_or_another_way_to_the_same_exception_is_not_excused() {
    assertThat(
            LoggedErrors.in(
                List.of(
                    AT + "ERROR Doorbells Unhandled exception",
                    TWICE,
                    SENDING,
                    UNHANDLED,
                    TWICE,
                    "\tat dev.tocsin.bridge.Bridges.open(Bridges.java:1)",
                    UNHANDLED,
                    "java.lang.NullPointerException",
                    SENDING)))
        .hasSize(3);
  }

  @Test
  void errors_of_hazelcasts_are_counted_and_none_of_ours_is_among_them() {
    List<String> log =
        List.of(
            AT
                + "ERROR FetchMembersViewOp [10.100.1.12]:5701 claims mastership but it is no member!",
            AT + "ERROR GetAllOperation NormalResponse already responseReceived for callback",
            AT + "WARN  TcpIpJoiner [10.100.1.12]:5701 is merging [tcp/ip] to [10.100.1.11]:5701",
            OURS,
            AT + "ERROR Main not started",
            AT + "ERROR AbstractChannel named as one of Hazelcast's, and Netty's",
            AT + "ERROR Nobody knows");

    assertThat(LoggedErrors.hazelcasts(log)).isEqualTo(2);
    assertThat(LoggedErrors.in(log)).containsExactlyElementsOf(log.subList(3, 7));
  }

  @Test
  void it_is_shown_with_its_own_trace_alone_and_not_with_all_of_it() {
    assertThat(
            LoggedErrors.in(
                List.of(
                    OURS, "1", "2", "3", "4", "5", "6", "7", "8", OURS, "1", AT + "INFO  Main up")))
        .containsExactly(
            String.join("\n    ", OURS, "1", "2", "3", "4", "5", "6", "7"), OURS + "\n    1");
  }
}
