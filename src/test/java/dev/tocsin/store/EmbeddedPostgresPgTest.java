package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.store.EmbeddedPostgres.Durability;
import dev.tocsin.store.EmbeddedPostgres.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EmbeddedPostgresPgTest {
  /** Unpacked once for all tests. */
  private static final Path BINARIES = Path.of("target/test-postgresql");

  @TempDir Path directory;

  @Test
  void data_and_password_outlive_a_restart() throws Exception {
    String password;
    try (EmbeddedPostgres postgres = start()) {
      password = postgres.address().password();
      execute(postgres.address(), "create table kept as select 42 as answer");
    }
    try (EmbeddedPostgres postgres = start()) {
      assertThat(postgres.address().password()).isEqualTo(password);
      assertThat(query(postgres.address(), "select answer from kept")).isEqualTo("42");
    }
  }

  @Test
  void what_is_acknowledged_is_on_the_disk_and_nobody_gets_in_without_the_password()
      throws Exception {
    try (EmbeddedPostgres postgres = start()) {
      PostgresAddress address = postgres.address();
      assertThat(query(address, "show fsync")).isEqualTo("on");
      assertThat(query(address, "show synchronous_commit")).isEqualTo("on");
      assertThat(query(address, "show full_page_writes")).isEqualTo("on");
      assertThat(query(address, "show data_checksums")).isEqualTo("on");
      assertThat(query(address, "show listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(query(address, "show unix_socket_directories")).isEmpty();
      assertThatThrownBy(() -> connect(address, "guess").close())
          .hasMessageContaining("password authentication failed");
      assertThat(Files.getPosixFilePermissions(directory.resolve("password")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void an_interrupt_of_the_servers_terminal_does_not_reach_it() throws Exception {
    try (EmbeddedPostgres postgres = start()) {
      assertThat(processGroup(postgres.postmaster()))
          .isEqualTo(postgres.postmaster().pid())
          .isNotEqualTo(processGroup(ProcessHandle.current()));
    }
  }

  /** The fifth field of the kernel's status line, counted from behind the command's name. */
  private static long processGroup(ProcessHandle process) throws IOException {
    String status = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    return Long.parseLong(status.substring(status.lastIndexOf(')') + 2).split(" ", -1)[2]);
  }

  @Test
  void two_servers_do_not_share_a_directory() throws Exception {
    try (EmbeddedPostgres postgres = start()) {
      assertThat(postgres.postmaster().isAlive()).isTrue();
      assertThatThrownBy(this::start).hasMessageContaining("another server already runs");
    }
  }

  @Test
  void a_killed_postgresql_comes_back_on_the_same_port_with_its_data() throws Exception {
    try (EmbeddedPostgres postgres = start()) {
      execute(postgres.address(), "create table kept as select 42 as answer");
      ProcessHandle first = postgres.postmaster();
      first.destroyForcibly();
      first.onExit().get(10, TimeUnit.SECONDS);

      assertThat(answerOnceItIsBack(postgres.address())).isEqualTo("42");
      assertThat(postgres.postmaster().pid()).isNotEqualTo(first.pid());
    }
  }

  @Test
  void after_everything_is_killed_the_next_start_has_the_data() throws Exception {
    Process server = startInAnotherProcess();
    ProcessHandle postmaster = PostmasterPid.running(cluster()).orElseThrow();
    server.destroyForcibly();
    postmaster.destroyForcibly();
    server.onExit().get(10, TimeUnit.SECONDS);
    postmaster.onExit().get(10, TimeUnit.SECONDS);

    try (EmbeddedPostgres postgres = start()) {
      assertThat(query(postgres.address(), "select answer from kept")).isEqualTo("42");
    }
  }

  @Test
  void a_postgresql_that_outlived_its_server_is_replaced() throws Exception {
    Process server = startInAnotherProcess();
    ProcessHandle orphan = PostmasterPid.running(cluster()).orElseThrow();
    server.destroyForcibly().onExit().get(10, TimeUnit.SECONDS);
    assertThat(orphan.isAlive()).isTrue();

    try (EmbeddedPostgres postgres = start()) {
      assertThat(orphan.isAlive()).isFalse();
      assertThat(query(postgres.address(), "select answer from kept")).isEqualTo("42");
    }
  }

  @Test
  void an_interrupted_first_start_is_done_again() throws Exception {
    Files.createDirectories(directory.resolve("cluster.unfinished/base"));
    try (EmbeddedPostgres postgres = start()) {
      assertThat(query(postgres.address(), "select 1")).isEqualTo("1");
    }
  }

  @Test
  void a_start_that_fails_shows_what_postgresql_said() throws Exception {
    start().close();
    Files.writeString(cluster().resolve("postgresql.conf"), "no_such_setting = 1\n");

    assertThatThrownBy(this::start).hasMessageContaining("no_such_setting");
  }

  /** A wrong password stands for whatever keeps a PostgreSQL that runs from answering. */
  @Test
  void a_start_that_is_given_up_leaves_nothing_running() throws Exception {
    start().close();
    String password = Files.readString(directory.resolve("password"));
    Files.writeString(directory.resolve("password"), "wrong");

    assertThatThrownBy(() -> start(directory, Duration.ofSeconds(1)))
        .hasMessageContaining("does not answer");

    assertThat(PostmasterPid.running(cluster())).isEmpty();
    Files.writeString(directory.resolve("password"), password);
    start().close();
  }

  /** The supervisor would start it again just then. */
  @Test
  void a_postgresql_that_dies_while_it_is_closed_does_not_come_back() throws Exception {
    EmbeddedPostgres postgres = start();
    ProcessHandle first = postgres.postmaster();
    first.destroyForcibly();
    first.onExit().get(10, TimeUnit.SECONDS);
    postgres.close();

    assertThat(PostmasterPid.running(cluster())).isEmpty();
    assertThat(postgres.postmaster().isAlive()).isFalse();
  }

  private EmbeddedPostgres start() throws IOException {
    return start(directory, Duration.ofMinutes(1));
  }

  private static EmbeddedPostgres start(Path directory, Duration within) throws IOException {
    return EmbeddedPostgres.start(
        directory, new SecureRandom(), new Needs(Durability.DURABLE, 10), BINARIES, within);
  }

  private Path cluster() {
    return directory.toAbsolutePath().normalize().resolve("cluster");
  }

  private Process startInAnotherProcess() throws IOException {
    Process server =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Another.class.getName(),
                    directory.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = server.inputReader().lines().filter("ready"::equals).findFirst().orElse("ended");
    assertThat(said).isEqualTo("ready");
    return server;
  }

  /** A server process that stores something, says so, and then waits to be killed. */
  static final class Another {
    private Another() {}

    public static void main(String[] arguments) throws Exception {
      EmbeddedPostgres postgres =
          EmbeddedPostgresPgTest.start(Path.of(arguments[0]), Duration.ofMinutes(1));
      execute(postgres.address(), "create table kept as select 42 as answer");
      System.out.println("ready");
      System.in.read();
    }
  }

  private static String answerOnceItIsBack(PostgresAddress address) {
    for (long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        System.nanoTime() < deadline; ) {
      try {
        return query(address, "select answer from kept");
      } catch (SQLException e) {
        Thread.onSpinWait();
      }
    }
    return "it did not come back";
  }

  private static Connection connect(PostgresAddress address, String password) throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), password);
  }

  private static void execute(PostgresAddress address, String sql) throws SQLException {
    try (Connection connection = connect(address, address.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(PostgresAddress address, String sql) throws SQLException {
    try (Connection connection = connect(address, address.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
