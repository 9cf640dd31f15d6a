package dev.tocsin.demo;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.Receiver;
import dev.tocsin.process.Receiver.Inbox;
import dev.tocsin.process.ServerPlan;
import dev.tocsin.process.ServerProcess;
import dev.tocsin.process.ServerProcess.Exit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Runs the demo against a server of its own, and leaves nothing behind: {@code DemoRun
 * target/tocsin.jar}. Exits 0 only if everything held.
 */
public final class DemoRun {
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
  private static final String ORGANIZATION = "5b0ad1f6-7f57-4b8e-9a1c-2f6a4f1c0d11";

  private final Screen screen = new Screen(System.out);
  private final Account account = new Account(ORGANIZATION, "demo-billing", random(""));
  private final Path home;
  private final ServerPlan plan;

  private DemoRun(Path jar, Path home) throws IOException {
    this.home = home;
    this.plan =
        ServerPlan.ofJar(jar, home)
            .with("TOCSIN_CONF", home.resolve("conf").toString())
            .with("DEMO_SECRET", account.secret());
  }

  /**
   * Runs it.
   *
   * @param arguments the server's jar
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("tocsin-demo-");
    DemoRun run = new DemoRun(Path.of(arguments[0]), home);
    boolean isAsItShouldBe = false;
    try {
      isAsItShouldBe = run.run();
    } catch (IOException e) {
      run.screen.check(false, String.valueOf(e.getMessage()));
    } finally {
      delete(home);
    }
    run.screen.title(
        isAsItShouldBe ? "Everything was as it should be." : "Something was not as it should be.");
    System.exit(isAsItShouldBe ? 0 : 1);
  }

  private boolean run() throws IOException, InterruptedException {
    screen.title(
        "Tocsin: commitments reach 90 % of their amount, one signed webhook tells of each");
    declareOrganization();
    long before = System.nanoTime();
    // Closed by a hook too, since Ctrl-C ends this process without coming back here.
    try (ServerProcess server = ServerProcess.launch(plan)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(server)));
      server.awaitReady(READY_WITHIN);
      screen.part(
          "server", server.address() + ", with PostgreSQL ready after " + seconds(elapsed(before)));
      boolean isShown = show(server);
      return stop(server) && isShown;
    }
  }

  private boolean show(ServerProcess server) throws InterruptedException {
    boolean isAsItShouldBe = false;
    String secret = random("whsec_");
    Inbox inbox = new Inbox();
    try (Receiver receiver = Receiver.start(secret, inbox);
        ApiClient api = new ApiClient(server.address(), account)) {
      isAsItShouldBe = new Demo(screen, api, account, receiver, inbox).run(secret);
    } catch (IOException e) {
      screen.check(false, String.valueOf(e.getMessage()));
    }
    if (!isAsItShouldBe) {
      screen.text("\nThe server's log ends with\n" + server.logTail() + "\n");
    }
    return isAsItShouldBe;
  }

  private boolean stop(ServerProcess server) throws IOException {
    List<ProcessHandle> children = server.handle().descendants().toList();
    Exit exit = server.stop(STOP_WITHIN);
    boolean isInOrder = exit.code() == 0 || exit.code() == 143;
    screen.check(
        isInOrder,
        "the server stopped on SIGTERM after " + seconds(exit.took()) + ", exit " + exit.code());
    delete(home);
    boolean isNothingLeft =
        server.postgres().isEmpty()
            && children.stream().noneMatch(ProcessHandle::isAlive)
            && Files.notExists(home);
    screen.check(isNothingLeft, "no process and no file is left behind");
    return isInOrder && isNothingLeft;
  }

  private void declareOrganization() throws IOException {
    Path organizations = Files.createDirectories(home.resolve("conf/organizations"));
    Files.writeString(
        organizations.resolve("demo.yaml"),
        """
        organization: { id: %s, name: Demo }
        serviceUsers:
          - { name: billing, accessKey: %s, secret: "${DEMO_SECRET}", policies: [administrator] }
        """
            .formatted(account.organization(), account.accessKey()));
  }

  private void cleanUp(ServerProcess server) {
    try {
      server.close();
      delete(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized void delete(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static String random(String prefix) {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return prefix + Base64.getEncoder().encodeToString(bytes);
  }

  private static Duration elapsed(long before) {
    return Duration.ofNanos(System.nanoTime() - before);
  }

  private static String seconds(Duration span) {
    return String.format(Locale.ROOT, "%.1f s", span.toMillis() / 1e3);
  }
}
