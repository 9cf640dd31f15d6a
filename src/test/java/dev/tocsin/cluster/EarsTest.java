package dev.tocsin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.bus.Bus;
import dev.tocsin.bus.BusMessage;
import dev.tocsin.bus.Ring;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.AccessChanged;
import dev.tocsin.flow.EventsStored;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.RulesChanged;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node makes of what others send, whatever that is. */
class EarsTest {
  private static final OrganizationId ACME = new OrganizationId(new UUID(0, 1));
  private static final OrganizationId BOLT = new OrganizationId(new UUID(0, 2));
  private static final String BELL =
      "{\"version\":1,\"node\":\"n2\",\"doorbells\":[{\"name\":\"rules.changed\",\"version\":1,"
          + "\"organizations\":{\"00000000-0000-0000-0000-000000000001\":7}}]}";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = Bus.of(vertx, Flow.MESSAGES);
  private final Ears ears =
      new Ears("n1", Flow.DOORBELLS, bus, new Hearing(Duration.ofSeconds(1), () -> 0), meters);
  private final BlockingQueue<BusMessage> heard = new LinkedBlockingQueue<>();

  @BeforeEach
  void listen() {
    bus.consume(Flow.RULES_CHANGED, heard::add);
    bus.consume(Flow.EVENTS_STORED, heard::add);
    bus.consume(Flow.ACCESS_CHANGED, heard::add);
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** The file is what nodes of the first version send; it must be understood for ever. */
  @Test
  void what_nodes_of_version_1_send_is_understood_and_still_sent() throws Exception {
    String text = Files.readString(Path.of("src/test/resources/wire/doorbells-1.json")).strip();
    ears.hear(Buffer.buffer(text));

    List<BusMessage> all = new ArrayList<>();
    while (all.size() < 4) {
      all.add(heard.take());
    }
    assertThat(all)
        .containsExactlyInAnyOrder(
            new RulesChanged(ACME, 7),
            new EventsStored(Set.of(ACME)),
            new EventsStored(Set.of(BOLT)),
            new AccessChanged(BOLT));
    assertThat(read(text).write()).hasToString(text);
  }

  @Test
  void a_doorbell_survives_the_way_to_another_node() {
    Envelope sent =
        new Envelope(
            "n2",
            List.of(
                new Envelope.Bell(
                    "rules.changed",
                    1,
                    List.of(new Ring(ACME.value(), Long.MAX_VALUE), new Ring(BOLT.value(), 1)))));
    assertThat(Envelope.read(sent.write())).isEqualTo(sent);
  }

  @Test
  void what_this_node_sent_itself_is_passed_over() throws Exception {
    ears.hear(Buffer.buffer(BELL.replace("n2", "n1")));
    ears.hear(Buffer.buffer(BELL.replace(":7", ":8")));
    assertThat(heard.take()).isEqualTo(new RulesChanged(ACME, 8));
  }

  /** Of a later version of the server: what is known besides is heard all the same. */
  @Test
  void unknown_doorbells_versions_and_fields_are_counted_and_the_rest_is_heard() throws Exception {
    String later =
        """
        {"version":1,"node":"n2","zone":"b","doorbells":[
          {"name":"moons.changed","version":1,"organizations":{}},
          {"name":"rules.changed","version":2,"organizations":{}},
          {"name":"access.changed","version":1,"why":"key",
           "organizations":{"00000000-0000-0000-0000-000000000001":0}}]}
        """;
    ears.hear(Buffer.buffer(later));

    assertThat(heard.take()).isEqualTo(new AccessChanged(ACME));
    assertThat(heard).isEmpty();
    assertThat(ignored("doorbell")).isEqualTo(2);
    assertThat(ignored("message")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "no json",
        "{}",
        "{\"version\":2,\"node\":\"n2\",\"doorbells\":[]}",
        "{\"version\":\"1\",\"node\":\"n2\",\"doorbells\":[]}",
        "{\"version\":1,\"doorbells\":[]}",
        "{\"version\":1,\"node\":7,\"doorbells\":[]}",
        "{\"version\":1,\"node\":null,\"doorbells\":[]}",
        "{\"version\":1,\"node\":\"n2\",\"doorbells\":7}",
        "{\"version\":1,\"node\":\"n2\",\"doorbells\":[7]}",
        "{\"version\":1,\"node\":\"n2\",\"doorbells\":[null]}",
        "{\"version\":1,\"node\":\"n2\",\"doorbells\":[{\"name\":7}]}",
        "{\"version\":1,\"node\":\"n2\",\"doorbells\":[{\"organizations\":{\"x\":0}}]}",
        "{\"version\":1,\"node\":\"n2\",\"doorbells\":[{\"organizations\":{\"00000000-0000-0000-"
            + "0000-000000000001\":null}}]}",
        "{\"version\":1,\"node\":\"n2\",\"doorbells\":[{\"organizations\":{\"00000000-0000-0000-"
            + "0000-000000000001\":\"7\"}}]}"
      })
  void what_is_no_message_is_counted_and_does_no_harm(String text) throws Exception {
    ears.hear(Buffer.buffer(text));
    ears.hear(Buffer.buffer(BELL));

    assertThat(heard.take()).isEqualTo(new RulesChanged(ACME, 7));
    assertThat(ignored("message")).isEqualTo(1);
  }

  @Test
  void what_is_far_too_large_is_not_read() throws IOException {
    String padded = BELL.replace("\"n2\"", "\"n2\",\"pad\":\"" + "x".repeat(1 << 20) + '"');
    ears.hear(Buffer.buffer(padded));
    assertThat(ignored("message")).isEqualTo(1);
  }

  private double ignored(String what) {
    return meters.counter("tocsin.cluster.doorbells.ignored", "what", what).count();
  }

  private static Envelope read(String text) {
    Envelope read = Envelope.read(Buffer.buffer(text));
    assertThat(read).isNotNull();
    return read;
  }
}
