package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.FreePorts;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
    int port = FreePorts.one();
    List<String> published = new ArrayList<>();
    Program events;
    Program notifications;
    try (Server server = start(home, port);
        ApiClient api = WholeServers.client(server, ACME)) {
      api.ruleThatAlwaysFires("born", "configuration.account.created");
      String first = publish(server, port, "configuration.product.created", "p-1").getFirst();
      events = run(variables(server, port), "follow", "events", first);
      notifications = run(variables(server, port), "follow", "notifications", first);
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
      assertThat(events.output.lines).isEmpty();
      assertThat(notifications.output.lines).isEmpty();
    }
  }

  @Test
  void says_once_why_nothing_comes_and_goes_on_when_it_can(@TempDir Path home) throws Exception {
    WholeServers.declare(home, ACME, "");
    List<Integer> ports = FreePorts.some(2);
    int port = ports.getFirst();
    int http = ports.getLast();
    Map<String, String> variables = variables("http://127.0.0.1:" + http, port);
    Program program = run(variables, "follow", "events");
    assertThat(program.errors.next())
        .isEqualTo("no connection to 127.0.0.1:" + port + ": ECONNREFUSED");
    try (Server server = start(home, port, http)) {
      // Without an id to go on after, it is shown what is stored once it has subscribed.
      int published = 0;
      while (program.output.lines.isEmpty() && published < 500) {
        publish(server, port, "configuration.product.created", "p-" + published++);
      }
      assertThat(program.output.next()).contains("configuration.product.created");
      assertThat(program.errors.lines).doesNotHaveDuplicates();
    }
  }

  @Test
  void ends_when_the_secret_is_wrong(@TempDir Path home) throws Exception {
    WholeServers.declare(home, ACME, "");
    int port = FreePorts.one();
    try (Server server = start(home, port)) {
      Map<String, String> variables = new HashMap<>(variables(server, port));
      variables.put("TOCSIN_ACCESS_SECRET", "another");
      assertFails(
          run(variables, "follow", "events"), "no token: there is no such access key and secret");
      assertFails(
          run(variables, "publish", "{}"), "no token: there is no such access key and secret");
    }
  }

  @Test
  void publishing_without_a_connection_fails_and_says_why(@TempDir Path home) throws Exception {
    WholeServers.declare(home, ACME, "");
    int closed = FreePorts.one();
    try (Server server = start(home, FreePorts.one())) {
      assertFails(
          run(variables(server, closed), "publish", "{}"),
          "no connection to 127.0.0.1:" + closed + ": ECONNREFUSED");
    }
    assertFails(
        run(variables("http://127.0.0.1:" + closed, closed), "publish", "{}"),
        "no token from http://127.0.0.1:" + closed + ": ECONNREFUSED");
  }

  @Test
  void an_event_that_is_rejected_is_a_failure(@TempDir Path home) throws Exception {
    WholeServers.declare(home, ACME, "");
    int port = FreePorts.one();
    try (Server server = start(home, port)) {
      String batch =
          """
          {"events": [{"eventName": "configuration.product.created", "new": {"id": "p-1"}},
                      {"eventName": "configuration.product.made", "new": {"id": "p-2"}}]}
          """;
      Program program = run(variables(server, port), "publish", batch);
      assertThat(program.errors.next()).startsWith("rejected: event 1: ").contains("product.made");
      assertThat(program.status()).isEqualTo(1);
      assertThat(new JsonObject(program.output.next()).getInteger("status")).isEqualTo(200);
    }
  }

  @Test
  void names_the_variables_that_are_missing() throws Exception {
    Map<String, String> variables = new HashMap<>(variables("http://127.0.0.1:1", 1));
    variables.keySet().removeAll(List.of("BUS_ADDRESS", "TOCSIN_ACCESS_SECRET"));
    assertFails(run(variables, "follow", "events"), "set BUS_ADDRESS, TOCSIN_ACCESS_SECRET");
  }

  @Test
  void an_address_without_a_port_is_refused() throws Exception {
    Map<String, String> variables = new HashMap<>(variables("http://127.0.0.1:1", 1));
    variables.put("BUS_ADDRESS", "localhost");
    assertFails(
        run(variables, "follow", "events"), "BUS_ADDRESS must be host:port, and is localhost");
  }

  @Test
  void what_it_does_not_know_is_refused() throws Exception {
    Map<String, String> variables = variables("http://127.0.0.1:1", 1);
    String usage = "publish EVENTS, or follow events|notifications [AFTER]";
    assertFails(run(variables, "listen"), usage);
    assertFails(run(variables, "follow", "accounts"), usage);
  }

  /** It writes this one line, and ends with 1. */
  private static void assertFails(Program program, String line) throws InterruptedException {
    assertThat(program.errors.next()).isEqualTo(line);
    assertThat(program.status()).isEqualTo(1);
    assertThat(program.errors.rest()).isEmpty();
    assertThat(program.output.rest()).isEmpty();
  }

  private Server start(Path home, int port) throws IOException {
    return start(home, port, 0);
  }

  /** Starts one from a shell that has the example's variables. */
  private Server start(Path home, int port, int http) throws IOException {
    Map<String, String> settings = new HashMap<>(variables("http://127.0.0.1:" + http, port));
    settings.put("TOCSIN_HTTP_PORT", Integer.toString(http));
    settings.put("TOCSIN_BUS_TCP", "true");
    settings.put("TOCSIN_BUS_TCP_PORT", Integer.toString(port));
    return WholeServers.start(postgres, home, settings);
  }

  private static Map<String, String> variables(Server server, int port) {
    return variables(WholeServers.address(server).toString(), port);
  }

  private static Map<String, String> variables(String server, int port) {
    return Map.of(
        "SERVER_URL", server,
        "BUS_ADDRESS", "127.0.0.1:" + port,
        "ORGANIZATION_ID", ACME.organization(),
        "TOCSIN_ACCESS_KEY", ACME.accessKey(),
        "TOCSIN_ACCESS_SECRET", ACME.secret());
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
    Program program =
        run(variables(server, port), "publish", new JsonObject().put("events", batch).encode());
    JsonObject answer = new JsonObject(program.output.next());
    assertThat(program.status()).isZero();
    return answer.getJsonObject("body").getJsonArray("accepted").stream()
        .map(one -> ((JsonObject) one).getString("id"))
        .toList();
  }

  private static List<String> ids(Program program, int count) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    while (ids.size() < count) {
      ids.add(new JsonObject(program.output.next()).getString("id"));
    }
    return ids;
  }

  private static String cause(Program program) throws InterruptedException {
    return new JsonObject(program.output.next())
        .getJsonObject("m3terEvent")
        .getJsonObject("eventData")
        .getJsonObject("newDto")
        .getString("causeEventId");
  }

  private Program run(Map<String, String> variables, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("node", "examples/node/tocsin-bus.mjs"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeAll(variables("", 0).keySet());
    builder.environment().putAll(variables);
    try {
      Program program = new Program(builder.start());
      programs.add(program);
      return program;
    } catch (IOException e) {
      throw new IOException("the example needs node (20 or newer, Debian's package nodejs)", e);
    }
  }

  /** A program that runs. */
  private static final class Program {
    private final Process process;
    private final Lines output;
    private final Lines errors;

    Program(Process process) {
      this.process = process;
      this.output = new Lines(process.inputReader(StandardCharsets.UTF_8));
      this.errors = new Lines(process.errorReader(StandardCharsets.UTF_8));
    }

    int status() throws InterruptedException {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    }

    void end() {
      process.destroy();
    }
  }

  /** What a program has written and nobody has taken. */
  private static final class Lines {
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread reader;

    Lines(BufferedReader written) {
      this.reader = Thread.ofVirtual().start(() -> read(written));
    }

    private void read(BufferedReader written) {
      try (written) {
        written.lines().forEach(lines::add);
      } catch (IOException e) {
        lines.add(e.toString());
      }
    }

    String next() throws InterruptedException {
      return Objects.requireNonNull(lines.poll(60, TimeUnit.SECONDS), "nothing was written");
    }

    /** Of a program that has ended. */
    List<String> rest() throws InterruptedException {
      reader.join();
      return List.copyOf(lines);
    }
  }
}
