package dev.tocsin.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tocsin.process.ServerProcess.Exit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a program that behaves like a server where this matters. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ServerProcessHttpTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path home;

  private ServerPlan plan(String behaviour) throws IOException {
    ServerPlan real = ServerPlan.ofClassPath(home);
    return new ServerPlan(
        List.of(
            real.command().getFirst(),
            "-cp",
            System.getProperty("java.class.path"),
            StandIn.class.getName(),
            behaviour),
        home,
        real.port(),
        Map.of("TOCSIN_CLOCK_OFFSET", "P29D"));
  }

  @Test
  void a_server_is_there_when_it_is_ready_and_gone_when_it_is_stopped() throws IOException {
    try (ServerProcess server = ServerProcess.start(plan("serve"), PATIENCE)) {
      assertThat(server.handle().isAlive()).isTrue();

      Exit exit = server.stop(PATIENCE);

      assertThat(exit.code()).isEqualTo(143);
      assertThat(exit.took()).isBetween(Duration.ZERO, PATIENCE);
      assertThat(server.handle().isAlive()).isFalse();
    }
  }

  @Test
  void it_finds_its_variables_and_what_it_says_is_in_the_log() throws IOException {
    try (ServerProcess server = ServerProcess.start(plan("serve"), PATIENCE)) {
      assertThat(server.logTail())
          .contains("TOCSIN_CLOCK_OFFSET=P29D")
          .contains("TOCSIN_DATA=" + home.toAbsolutePath().resolve("data"));
    }
  }

  @Test
  void a_killed_server_comes_back_at_the_same_address() throws IOException {
    ServerPlan plan = plan("serve");
    try (ServerProcess first = ServerProcess.start(plan, PATIENCE)) {
      assertThat(first.kill().code()).isEqualTo(137);
      try (ServerProcess second = ServerProcess.start(plan, PATIENCE)) {
        assertThat(second.address()).isEqualTo(first.address());
      }
    }
  }

  @Test
  void a_server_that_ends_at_once_is_not_waited_for_and_its_log_is_shown() throws IOException {
    ServerPlan plan = plan("fail");
    assertThatThrownBy(() -> ServerProcess.start(plan, PATIENCE))
        .hasMessageContaining("ended with 3 before it was ready")
        .hasMessageContaining("TOCSIN_HTTP_PORT=" + plan.port());
  }

  @Test
  void a_server_that_never_is_ready_is_given_up_and_stopped() throws IOException {
    ServerPlan plan = plan("wait");
    assertThatThrownBy(() -> ServerProcess.start(plan, Duration.ofSeconds(2)))
        .hasMessageContaining("not ready after PT2S");
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void what_closing_finds_running_it_ends() throws IOException {
    ServerProcess server = ServerProcess.start(plan("serve"), PATIENCE);
    server.close();
    assertThat(server.handle().isAlive()).isFalse();
  }

  /** The only parts of a server that its process shows. */
  static final class StandIn {
    private StandIn() {}

    public static void main(String[] arguments) throws Exception {
      System.getenv().entrySet().stream()
          .filter(variable -> variable.getKey().startsWith("TOCSIN_"))
          .forEach(System.out::println);
      switch (arguments[0]) {
        case "serve" -> serve(Integer.parseInt(System.getenv("TOCSIN_HTTP_PORT")));
        case "wait" -> Thread.currentThread().join();
        default -> System.exit(3);
      }
    }

    private static void serve(int port) throws IOException {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      server.createContext(
          "/health/ready",
          exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
    }
  }
}
