package dev.tocsin.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL as a child of this process, on a directory that outlives both.
 *
 * <p>It keeps what it acknowledges: fsync is on. It lets nobody in without the password that stands
 * beside the data in a file only its owner can read, and listens on the loopback address alone.
 * When it dies it is started again, on the same port. When this process dies without a word the
 * PostgreSQL stays; the next start stops it in order and takes its place.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final Duration START_WITHIN = Duration.ofMinutes(5);
  private static final Duration REVIVE_PAUSE = Duration.ofSeconds(2);
  private static final Duration INITDB_WITHIN = Duration.ofMinutes(2);
  private static final int LOG_TAIL_LINES = 20;
  private static final long LOG_BYTES_MAX = 16 << 20;
  private static final String USER = "tocsin";

  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final Path directory;
  private final Path cluster;
  private final Path home;
  private final Path serverLog;
  private final Needs needs;
  private final Unprivileged unprivileged;
  private final FileChannel lock;
  private final PostgresAddress address;
  private final Duration startWithin;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Changed only by whoever holds this object's lock, as {@link #close} does while it stops it. */
  private volatile Process process;

  /** Whether what is acknowledged survives the machine. */
  public enum Durability {
    /** Everything acknowledged is on the disk. */
    DURABLE,
    /** Nothing is forced to the disk: for tests of logic, which throw the data away. */
    THROWAWAY
  }

  /**
   * What it has to serve.
   *
   * @param connections how many may be open at once; a few more are kept for an operator
   */
  public record Needs(Durability durability, int connections) {
    public Needs {
      Objects.requireNonNull(durability);
      if (connections < 1) {
        throw new IllegalArgumentException("nobody could use it");
      }
    }
  }

  private EmbeddedPostgres(
      Path directory,
      FileChannel lock,
      SecureRandom random,
      Needs needs,
      Path binaries,
      Duration startWithin)
      throws IOException {
    this.directory = directory;
    this.lock = lock;
    this.cluster = this.directory.resolve("cluster");
    this.serverLog = this.directory.resolve("postgresql.log");
    this.needs = needs;
    this.startWithin = startWithin;
    this.unprivileged = Unprivileged.find();
    this.home = PostgresBinaries.unpack(binaries);
    stopOrphan();
    initialize(random);
    this.address =
        new PostgresAddress(
            "127.0.0.1", freePort(), "postgres", USER, password(), "tocsin", "disable");
    this.process = launch();
  }

  /**
   * Starts PostgreSQL on a directory, which is filled when it is empty, and waits until it answers.
   *
   * @throws IOException when it does not start; the message ends with its own log
   */
  public static EmbeddedPostgres start(Path directory, SecureRandom random, Needs needs)
      throws IOException {
    return start(directory, random, needs, directory, START_WITHIN);
  }

  /**
   * The same with more said.
   *
   * @param binaries where PostgreSQL itself is unpacked, if it is not there yet; several may share
   *     it
   * @param within how long to wait until it answers
   */
  static EmbeddedPostgres start(
      Path directory, SecureRandom random, Needs needs, Path binaries, Duration within)
      throws IOException {
    Path absolute = Files.createDirectories(directory.toAbsolutePath().normalize());
    Path unpacked = Files.createDirectories(binaries.toAbsolutePath().normalize());
    FileChannel lock = lock(absolute);
    try {
      EmbeddedPostgres postgres =
          new EmbeddedPostgres(absolute, lock, random, needs, unpacked, within);
      postgres.superviseOnceReady();
      return postgres;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void superviseOnceReady() throws IOException {
    try {
      awaitReady();
    } catch (IOException | RuntimeException e) {
      closeAfter(e);
      throw e;
    }
    Thread.ofPlatform().daemon().name("postgresql-supervisor").start(this::keepRunning);
    log.info("postgresql started pid={} {}", process.pid(), address);
  }

  private void closeAfter(Exception failure) {
    try {
      close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Where it is, and how to get in. */
  public PostgresAddress address() {
    return address;
  }

  /** The process that runs now; another one after it died. */
  public ProcessHandle postmaster() {
    return process.toHandle();
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Held by this process; said below like any other holder.
    }
    channel.close();
    throw new IOException("another server already runs on the data directory " + directory);
  }

  private void stopOrphan() throws IOException {
    Optional<ProcessHandle> orphan = PostmasterPid.running(cluster);
    if (orphan.isPresent()) {
      log.info(
          "postgresql of an earlier server is still there, stopping it pid={}", orphan.get().pid());
      Processes.stop(orphan.get());
    }
  }

  private void initialize(SecureRandom random) throws IOException {
    if (Files.isDirectory(cluster)) {
      return;
    }
    Path unfinished = directory.resolve("cluster.unfinished");
    if (Files.exists(unfinished)) {
      PostgresBinaries.delete(unfinished);
    }
    byte[] secret = new byte[24];
    random.nextBytes(secret);
    Files.deleteIfExists(passwordFile());
    Files.createFile(
        passwordFile(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(passwordFile(), HexFormat.of().formatHex(secret));
    run(
        List.of(
            home.resolve("bin/initdb").toString(),
            "--pgdata=" + unfinished,
            "--username=" + USER,
            "--pwfile=" + passwordFile(),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--data-checksums",
            "--no-instructions"));
    // Renamed when it is whole, so that an interrupted first start is simply done again.
    Files.move(unfinished, cluster);
  }

  private Path passwordFile() {
    return directory.resolve("password");
  }

  private String password() throws IOException {
    return Files.readString(passwordFile()).strip();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void run(List<String> command) throws IOException {
    Process running =
        new ProcessBuilder(unprivileged.command(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(serverLog.toFile()))
            .start();
    if (!Processes.exits(running.toHandle(), INITDB_WITHIN) || running.exitValue() != 0) {
      running.destroyForcibly();
      throw new IOException(command.getFirst() + " failed:\n" + logTail());
    }
  }

  private Process launch() throws IOException {
    rotateLog();
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      // A Ctrl-C in the server's terminal goes to its whole process group; the server itself stops
      // PostgreSQL, when it no longer needs it.
      command.add(SETSID.toString());
    }
    command.add(home.resolve("bin/postgres").toString());
    command.addAll(List.of("-D", cluster.toString()));
    PostgresSettings.of(address.port(), needs)
        .forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    ProcessBuilder postgres =
        new ProcessBuilder(unprivileged.command(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(serverLog.toFile()));
    postgres.environment().putAll(PostgresSettings.ENVIRONMENT);
    return postgres.start();
  }

  /** Once it is closed none is launched: nobody would stop it. */
  private synchronized void relaunch() throws IOException {
    if (isClosedWithin(Duration.ZERO)) {
      throw new IOException("PostgreSQL was closed while it started");
    }
    process = launch();
  }

  private void rotateLog() throws IOException {
    if (Files.exists(serverLog) && Files.size(serverLog) > LOG_BYTES_MAX) {
      Path old = directory.resolve("postgresql.log.1");
      Files.deleteIfExists(old);
      Files.move(serverLog, old);
    }
  }

  /** Waits until a session can be had; crash recovery may take its time. */
  private void awaitReady() throws IOException {
    long rounds = startWithin.toMillis() / 50;
    for (long round = 0; round < rounds; round++) {
      if (answers()) {
        return;
      }
      if (Processes.exits(process.toHandle(), Duration.ofMillis(50))) {
        if (round > 200 || !logTail().contains("is still in use")) {
          throw new IOException("PostgreSQL ended while it started:\n" + logTail());
        }
        // Sessions of a killed predecessor hold on to its memory until they notice.
        relaunch();
      }
    }
    throw new IOException("PostgreSQL does not answer after " + startWithin + ":\n" + logTail());
  }

  private boolean answers() {
    DriverManager.setLoginTimeout(5);
    try (var connection =
        DriverManager.getConnection(address.jdbcUrl(), USER, address.password())) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  private void keepRunning() {
    while (!isClosedWithin(Duration.ZERO)) {
      Process ended = process.onExit().join();
      if (!isClosedWithin(Duration.ZERO)) {
        log.error("postgresql ended by itself, starting it again exit={}", ended.exitValue());
        revive();
      }
    }
  }

  private void revive() {
    try {
      relaunch();
      awaitReady();
      log.info("postgresql started again pid={}", process.pid());
    } catch (IOException e) {
      if (!isClosedWithin(Duration.ZERO)) {
        log.error("postgresql did not start again, next try in {}", REVIVE_PAUSE, e);
        isClosedWithin(REVIVE_PAUSE);
      }
    }
  }

  private boolean isClosedWithin(Duration patience) {
    try {
      return closed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private String logTail() {
    try {
      List<String> lines = Files.readAllLines(serverLog);
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(its log cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Stops it in order; what was acknowledged is there at the next start. */
  @Override
  public void close() throws IOException {
    closed.countDown();
    try (lock) {
      stopProcess();
    }
    log.info("postgresql stopped");
  }

  private synchronized void stopProcess() throws IOException {
    if (process.isAlive()) {
      Processes.stop(process.toHandle());
    }
  }
}
