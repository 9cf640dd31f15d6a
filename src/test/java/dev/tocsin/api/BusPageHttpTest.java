package dev.tocsin.api;

import static dev.tocsin.api.ApiFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.bridge.TcpClient;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Holds the examples of {@code docs/bus.md} to what is said on the wire: what a client says there
 * ({@code >}) is sent, and what it is told ({@code <}, and {@code *} at its own address) must come.
 */
class BusPageHttpTest {
  private static final Path PAGE = Path.of("docs/bus.md");

  /** Stands for any text. */
  private static final String ANY = "…";

  private final BusFixture bus = new BusFixture();
  private final String deliverTo = "tocsin.client." + UUID.randomUUID();
  private final LinkedBlockingQueue<Message<String>> delivered = new LinkedBlockingQueue<>();

  /** The one after which the examples go on. */
  private String last = "";

  @Test
  void the_examples_are_what_is_said() throws Exception {
    try (bus) {
      bus.api.vertx.eventBus().<String>consumer(deliverTo, delivered::add);
      TcpClient client = bus.connect();
      assertThat(lines("tcp")).hasSizeGreaterThan(15);
      for (String line : lines("tcp")) {
        String frame = filled(line.substring(2));
        if (line.startsWith("> ")) {
          client.send(frame);
        } else {
          JsonObject told = client.next();
          assertMatches(told, new JsonObject(frame), line);
          remember(told);
        }
      }
      assertThat(lines("bus")).hasSize(5);
      JsonObject reply = new JsonObject();
      for (String line : lines("bus")) {
        switch (line.charAt(0)) {
          case '>' -> reply = ask(line.substring(2));
          case '<' -> assertMatches(reply, new JsonObject(filled(line.substring(2))), line);
          default -> {
            Message<String> message =
                Objects.requireNonNull(delivered.poll(20, TimeUnit.SECONDS), line);
            message.reply(null);
            assertMatches(
                new JsonObject(message.body()), new JsonObject(filled(line.substring(2))), line);
          }
        }
      }
    }
  }

  /** Of two events that were sent the first is what the examples go on after. */
  private void remember(JsonObject told) {
    if (last.isEmpty()) {
      last =
          told.getJsonObject("body")
              .getJsonObject("body")
              .getJsonArray("accepted")
              .getJsonObject(0)
              .getString("id");
    }
  }

  private JsonObject ask(String line) {
    int space = line.indexOf(' ');
    return ApiFixture.await(
            bus.api
                .vertx
                .eventBus()
                .<JsonObject>request(
                    line.substring(0, space), new JsonObject(filled(line.substring(space + 1)))))
        .body();
  }

  private String filled(String text) {
    return text.replace("<token>", bus.api.token(ACME))
        .replace("<organizationId>", ACME.organization().toString())
        .replace("<eventId>", last)
        .replace("<deliverTo>", deliverTo);
  }

  private static List<String> lines(String language) throws IOException {
    List<String> found = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("```")) {
        inside = line.equals("```" + language);
      } else if (inside) {
        found.add(line);
      }
    }
    return found;
  }

  private static void assertMatches(@Nullable Object told, @Nullable Object written, String where) {
    switch (written) {
      case JsonObject object -> {
        assertThat(told).as(where).isInstanceOf(JsonObject.class);
        JsonObject other = (JsonObject) Objects.requireNonNull(told);
        assertThat(other.fieldNames()).as(where).isEqualTo(object.fieldNames());
        object.forEach(
            field -> assertMatches(other.getValue(field.getKey()), field.getValue(), where));
      }
      case JsonArray array -> {
        assertThat(told).as(where).isInstanceOf(JsonArray.class);
        JsonArray other = (JsonArray) Objects.requireNonNull(told);
        assertThat(other.size()).as(where).isEqualTo(array.size());
        for (int i = 0; i < array.size(); i++) {
          assertMatches(other.getValue(i), array.getValue(i), where);
        }
      }
      case String text when text.equals(ANY) -> assertThat(told).as(where).isNotNull();
      case null, default -> assertThat(told).as(where).isEqualTo(written);
    }
  }
}
