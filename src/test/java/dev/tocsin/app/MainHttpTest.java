package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.process.ServerPlan;
import dev.tocsin.process.ServerProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MainHttpTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path home;

  /** Nobody would stop it: the server that is told to end has not got as far as being one. */
  @Test
  void a_signal_during_the_start_leaves_no_postgresql_behind() throws Exception {
    try (ServerProcess server = ServerProcess.launch(ServerPlan.ofClassPath(home))) {
      while (server.postgres().isEmpty()) {
        ProcessHandle itself = server.handle();
        itself.onExit().completeOnTimeout(itself, 20, TimeUnit.MILLISECONDS).join();
        assertThat(itself.isAlive()).as(server.logTail()).isTrue();
      }

      assertThat(server.stop(PATIENCE).code()).isEqualTo(143);

      assertThat(server.postgres()).isEmpty();
      assertThat(server.logTail()).doesNotContain("Tocsin did not start");
    }
  }

  @Test
  void a_port_that_is_taken_is_told_in_a_line_before_anything_is_started() throws Exception {
    ServerPlan plan = ServerPlan.ofClassPath(home);
    try (ServerSocket other = new ServerSocket(plan.port(), 1, InetAddress.getLoopbackAddress())) {
      assertThat(other.isBound()).isTrue();

      assertThatThrownBy(() -> ServerProcess.start(plan, PATIENCE))
          .hasMessageContaining("ended with 78")
          .hasMessageContaining("\nhttp.port: cannot listen on 127.0.0.1:" + plan.port() + " (")
          .hasMessageNotContaining("\tat ");
    }
    assertThat(plan.data()).doesNotExist();
  }
}
