package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ServerKeyCheckPgTest {
  private static final int SERVERS = 4;

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  @Test
  void the_key_that_set_the_database_up_is_let_in_again() {
    ServerKeyCheck.verify(postgres.database(), new byte[] {1});
    assertThatCode(() -> ServerKeyCheck.verify(postgres.database(), new byte[] {1}))
        .doesNotThrowAnyException();
  }

  @Test
  void another_key_is_refused_and_leaves_no_trace() {
    ServerKeyCheck.verify(postgres.database(), new byte[] {1});
    assertThatThrownBy(() -> ServerKeyCheck.verify(postgres.database(), new byte[] {2}))
        .hasMessageContaining("another secret key");
    assertThatCode(() -> ServerKeyCheck.verify(postgres.database(), new byte[] {1}))
        .doesNotThrowAnyException();
  }

  @Test
  void of_servers_with_different_keys_that_start_at_once_one_wins() throws Exception {
    CyclicBarrier together = new CyclicBarrier(SERVERS);
    List<Future<?>> starts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(SERVERS)) {
      for (int i = 0; i < SERVERS; i++) {
        byte[] key = {(byte) i};
        starts.add(
            threads.submit(() -> {
              together.await();
              ServerKeyCheck.verify(postgres.database(), key);
              return null;
            }));
      }
    }
    int refused = 0;
    for (Future<?> start : starts) {
      try {
        start.get();
      } catch (ExecutionException e) {
        assertThat(e.getCause()).hasMessageContaining("another secret key");
        refused++;
      }
    }
    assertThat(refused).isEqualTo(SERVERS - 1);
  }
}
