package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The example for Node against whole servers, one after the other on the same port. */
class BusExamplesHttpTest {
  private static final Account ACME =
      new Account(new UUID(0, 1).toString(), "acme-key", "s:e:cret");

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private final List<Program> programs = new ArrayList<>();

  @AfterEach
  void end() {
    programs.forEach(Program::end);
  }

  @Test
  void the_example_for_node_publishes_follows_and_goes_on_over_a_restart(@TempDir Path home)
      throws Exception {
    WholeServers.declare(home, ACME, "");
    int port = freePort();
    List<String> published = new ArrayList<>();
    Program events;
    Program notifications;
    try (Server server = start(home, port);
        ApiClient api = WholeServers.client(server, ACME)) {
      api.ruleThatAlwaysFires("born", "configuration.account.created");
      String first = publish(server, port, "configuration.product.created", "p-1").getFirst();
      events = run(server, port, "follow", "events", first);
      notifications = run(server, port, "follow", "notifications", first);
      published.addAll(publish(server, port, "configuration.account.created", "a-1"));
      assertThat(ids(events, 2)).contains(published.getFirst());
      assertThat(cause(notifications)).isEqualTo(published.getFirst());
    }
    try (Server server = start(home, port)) {
      List<String> more = publish(server, port, "configuration.account.created", "a-2", "a-3");
      published.addAll(more);
      assertThat(ids(events, 4)).containsAll(more).doesNotHaveDuplicates();
      assertThat(List.of(cause(notifications), cause(notifications)))
          .containsExactlyInAnyOrderElementsOf(more);
      assertThat(events.lines).isEmpty();
      assertThat(notifications.lines).isEmpty();
    }
  }

  private Server start(Path home, int port) throws IOException {
    return WholeServers.start(
        postgres,
        home,
        Map.of("TOCSIN_BUS_TCP", "true", "TOCSIN_BUS_TCP_PORT", Integer.toString(port)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Has the example send the creations of entities; answers the events' ids. */
  private List<String> publish(Server server, int port, String name, String... entities)
      throws Exception {
    JsonArray batch = new JsonArray();
    for (String entity : entities) {
      batch.add(
          new JsonObject()
              .put("id", "key-" + entity)
              .put("eventName", name)
              .put("new", new JsonObject().put("id", entity)));
    }
    Program program = run(server, port, "publish", new JsonObject().put("events", batch).encode());
    JsonObject answer = new JsonObject(program.next());
    assertThat(program.status()).isZero();
    return answer.getJsonObject("body").getJsonArray("accepted").stream()
        .map(one -> ((JsonObject) one).getString("id"))
        .toList();
  }

  private static List<String> ids(Program program, int count) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    while (ids.size() < count) {
      ids.add(new JsonObject(program.next()).getString("id"));
    }
    return ids;
  }

  private static String cause(Program program) throws InterruptedException {
    return new JsonObject(program.next())
        .getJsonObject("m3terEvent")
        .getJsonObject("eventData")
        .getJsonObject("newDto")
        .getString("causeEventId");
  }

  private Program run(Server server, int port, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("node", "examples/node/tocsin-bus.mjs"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder
        .environment()
        .putAll(
            Map.of(
                "TOCSIN_URL", WholeServers.address(server).toString(),
                "TOCSIN_BUS", "127.0.0.1:" + port,
                "TOCSIN_ORGANIZATION", ACME.organization(),
                "TOCSIN_ACCESS_KEY", ACME.accessKey(),
                "TOCSIN_SECRET", ACME.secret()));
    try {
      Program program = new Program(builder.start());
      programs.add(program);
      return program;
    } catch (IOException e) {
      throw new IOException("the example needs node (20 or newer, Debian's package nodejs)", e);
    }
  }

  /** A program that runs, and the lines it has written. */
  private static final class Program {
    private final Process process;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

    Program(Process process) {
      this.process = process;
      Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
        reader.lines().forEach(lines::add);
      } catch (IOException e) {
        lines.add(e.toString());
      }
    }

    String next() throws InterruptedException {
      return Objects.requireNonNull(lines.poll(60, TimeUnit.SECONDS), "nothing was written");
    }

    int status() throws InterruptedException {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    }

    void end() {
      process.destroy();
    }
  }
}
