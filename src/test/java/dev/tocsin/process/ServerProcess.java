package dev.tocsin.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A running server, in a process of its own, which can be stopped and killed. */
public final class ServerProcess implements AutoCloseable {
  private static final Duration POLL_PAUSE = Duration.ofMillis(50);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(30);
  private static final int LOG_TAIL_LINES = 40;

  private final ServerPlan plan;
  private final Process process;

  /**
   * How a server ended.
   *
   * @param code 143 after SIGTERM, 137 after SIGKILL, unless the server chose another
   */
  public record Exit(int code, Duration took) {}

  private ServerProcess(ServerPlan plan, Process process) {
    this.plan = plan;
    this.process = process;
  }

  /**
   * Starts a server and waits until it says that it is ready.
   *
   * @throws IOException when it ends before, or takes longer; the message has the end of its log
   */
  public static ServerProcess start(ServerPlan plan, Duration readyWithin) throws IOException {
    ServerProcess server = launch(plan);
    try {
      server.awaitReady(readyWithin);
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** Starts a server without waiting. */
  public static ServerProcess launch(ServerPlan plan) throws IOException {
    Files.createDirectories(plan.home());
    ProcessBuilder builder =
        new ProcessBuilder(plan.command())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(plan.log().toFile()));
    builder.environment().clear();
    builder.environment().putAll(plan.environment(System.getenv()));
    Process process = builder.start();
    process.getOutputStream().close();
    return new ServerProcess(plan, process);
  }

  /** Waits until {@code /health/ready} says yes. */
  public void awaitReady(Duration within) throws IOException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (long tries = within.dividedBy(POLL_PAUSE); tries > 0; tries--) {
        if (isReady(client)) {
          return;
        }
        // The pause is a wait for the end of the process, which is then noticed at once.
        if (ends(process.toHandle(), POLL_PAUSE)) {
          throw new IOException(
              "the server ended with "
                  + process.exitValue()
                  + " before it was ready\n"
                  + logTail());
        }
      }
    }
    throw new IOException("the server is not ready after " + within + "\n" + logTail());
  }

  private boolean isReady(HttpClient client) {
    HttpRequest request =
        HttpRequest.newBuilder(address().resolve("/health/ready"))
            .timeout(Duration.ofSeconds(1))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // It does not listen yet.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Where it answers HTTP. */
  public URI address() {
    return plan.address();
  }

  /** The process itself. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Its embedded PostgreSQL, found by its data directory: it may outlive the server. */
  public List<ProcessHandle> postgres() {
    return ProcessHandle.allProcesses()
        .filter(handle -> handle.pid() != process.pid() && isPostgres(handle))
        .toList();
  }

  private boolean isPostgres(ProcessHandle handle) {
    try {
      String commandLine = Files.readString(Path.of("/proc/" + handle.pid() + "/cmdline"));
      return commandLine.contains("postgres") && commandLine.contains(plan.data() + "/");
    } catch (IOException e) {
      return false; // It has just ended.
    }
  }

  /**
   * Stops it as an operator does, by SIGTERM.
   *
   * @throws IOException when it has not ended in time
   */
  public Exit stop(Duration within) throws IOException {
    long before = System.nanoTime();
    process.destroy();
    return exit(before, within);
  }

  /** Kills it, and it alone: its PostgreSQL stays. */
  public Exit kill() throws IOException {
    long before = System.nanoTime();
    process.destroyForcibly();
    return exit(before, CLOSE_WITHIN);
  }

  /** Kills it and its PostgreSQL, as a power cut does. */
  public Exit killWithPostgres() throws IOException {
    List<ProcessHandle> postgres = postgres();
    Exit exit = kill();
    for (ProcessHandle handle : postgres) {
      handle.destroyForcibly();
      if (!ends(handle, CLOSE_WITHIN)) {
        throw new IOException("PostgreSQL survives being killed, pid " + handle.pid());
      }
    }
    return exit;
  }

  private Exit exit(long before, Duration within) throws IOException {
    if (!ends(process.toHandle(), within)) {
      throw new IOException("the server did not end within " + within + "\n" + logTail());
    }
    process.onExit().join(); // Its handle may tell of the end before the process knows its status.
    return new Exit(process.exitValue(), Duration.ofNanos(System.nanoTime() - before));
  }

  private static boolean ends(ProcessHandle handle, Duration within) {
    try {
      handle.onExit().get(within.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for a process cannot fail", e);
    }
  }

  /** The last lines of what it wrote. */
  public String logTail() {
    try {
      List<String> lines = Files.readAllLines(plan.log());
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }

  /** Ends whatever still runs, in order if it can be had. */
  @Override
  public void close() throws IOException {
    process.destroy();
    if (!ends(process.toHandle(), CLOSE_WITHIN) || !postgres().isEmpty()) {
      killWithPostgres();
    }
  }
}
