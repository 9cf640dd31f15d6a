package dev.tocsin.faults;

import dev.tocsin.network.Network;
import dev.tocsin.network.Way;
import dev.tocsin.process.ServerPlan;
import dev.tocsin.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A node of the cluster, its process and its ways. What is done to it is done one by one. */
final class ClusterNode implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(1);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(20);
  private static final Duration TURN_WITHIN = Duration.ofMinutes(1);
  private static final int SHAKE_MILLIS = 150;

  private final int number;
  private final Network network;
  private final boolean busIsDead;
  private final ServerPlan plan;
  private final CountDownLatch never = new CountDownLatch(1);

  /** Fair, so that trouble comes in the order of its schedule. */
  private final ReentrantLock turn = new ReentrantLock(true);

  private volatile ServerProcess process;
  private volatile boolean closed;
  private final List<Deliveries.Stop> stops = new CopyOnWriteArrayList<>();
  private int skew;

  /**
   * Launches it.
   *
   * @param busIsDead whether its way to the event bus stays cut
   */
  ClusterNode(int number, Network network, ServerPlan plan, boolean busIsDead) throws IOException {
    this.busIsDead = busIsDead;
    this.number = number;
    this.network = network;
    this.plan = network.place(number, plan);
    this.process = ServerProcess.launch(this.plan);
  }

  URI address() {
    return plan.address();
  }

  void awaitReady() throws IOException {
    process.awaitReady(READY_WITHIN);
  }

  /**
   * Has it happen when what came before has passed, and undoes it.
   *
   * @param over when nothing new is begun
   * @return whether it happened
   */
  boolean suffer(Trouble trouble, CountDownLatch over) throws IOException, InterruptedException {
    turn.lockInterruptibly();
    try {
      if (over.getCount() == 0) {
        return false;
      }
      switch (trouble.kind()) {
        case KILL, KILL_ALL -> {
          process.kill();
          last(trouble);
          start();
        }
        case PAUSE -> {
          signal("STOP");
          try {
            last(trouble);
          } finally {
            signal("CONT");
          }
        }
        case PARTITION -> without(trouble, Way.MEMBERSHIP, Way.BUS);
        case BUS_LOST -> without(trouble, Way.BUS);
        case BUS_SHAKY -> shake(trouble);
        case DATABASE_LOST -> without(trouble, Way.DATABASE);
        case DATABASE_SILENT -> {
          network.silence(number);
          try {
            last(trouble);
          } finally {
            network.resume(number);
          }
        }
        case CLOCK -> {
          stop();
          skew = Trouble.SKEWS.get(trouble.lasts() % Trouble.SKEWS.size());
          start();
        }
        case RESTART -> {
          stop();
          start();
        }
      }
      return true;
    } finally {
      turn.unlock();
    }
  }

  private void without(Trouble trouble, Way... ways) throws IOException, InterruptedException {
    for (Way way : ways) {
      network.cut(number, way);
    }
    try {
      last(trouble);
    } finally {
      for (Way way : ways) {
        if (way != Way.BUS || !busIsDead) {
          network.mend(number, way);
        }
      }
    }
  }

  private void shake(Trouble trouble) throws IOException, InterruptedException {
    Random random = new Random(trouble.at());
    for (int left = trouble.lasts(); left > 0; ) {
      int piece = 1 + random.nextInt(SHAKE_MILLIS);
      without(new Trouble(Trouble.Kind.BUS_LOST, number, 0, piece), Way.BUS);
      never.await(random.nextInt(SHAKE_MILLIS), TimeUnit.MILLISECONDS);
      left -= 2 * piece;
    }
  }

  private void last(Trouble trouble) throws InterruptedException {
    never.await(trouble.lasts(), TimeUnit.MILLISECONDS);
  }

  private void start() throws IOException {
    if (closed) {
      throw new IOException("node " + number + " is closed");
    }
    process =
        ServerProcess.launch(
            skew == 0 ? plan : plan.with("TOCSIN_CLOCK_OFFSET", "PT" + skew + "S"));
    process.awaitReady(READY_WITHIN);
  }

  private void stop() throws IOException {
    Instant from = Instant.now();
    try {
      process.stop(STOP_WITHIN);
    } finally {
      stops.add(new Deliveries.Stop(from, Instant.now()));
    }
  }

  /** When it was stopped in order. */
  List<Deliveries.Stop> stops() {
    return List.copyOf(stops);
  }

  private void signal(String name) throws IOException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.handle().pid())).start();
    if (kill.onExit().join().exitValue() != 0) {
      throw new IOException("node " + number + " could not be sent SIG" + name);
    }
  }

  /** Before all trouble: has it run, whatever the trouble before has left of it. */
  void revive() throws IOException, InterruptedException {
    takeTurn();
    try {
      if (process.handle().isAlive()) {
        signal("CONT");
      }
      recover();
    } catch (IOException e) {
      process.kill();
      start();
    } finally {
      turn.unlock();
    }
  }

  private void takeTurn() throws IOException, InterruptedException {
    if (!turn.tryLock(TURN_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException("node " + number + " is still in trouble after " + TURN_WITHIN);
    }
  }

  /** After all trouble: has it run, with the right clock; waits until it is ready. */
  void recover() throws IOException, InterruptedException {
    takeTurn();
    try {
      if (skew != 0) {
        skew = 0;
        stop();
      }
      if (process.handle().isAlive()) {
        process.awaitReady(READY_WITHIN);
      } else {
        start();
      }
    } finally {
      turn.unlock();
    }
  }

  /** How long its log is, to be asked before something happens. */
  long logged() throws IOException {
    return Files.exists(plan.log()) ? Files.size(plan.log()) : 0;
  }

  /** What it logged since. */
  List<String> logSince(long length) throws IOException {
    byte[] all = Files.readAllBytes(plan.log());
    int from = (int) Math.min(length, all.length);
    return new String(all, from, all.length - from, StandardCharsets.UTF_8).lines().toList();
  }

  /** Kills it for good. */
  @Override
  public void close() throws IOException {
    closed = true;
    process.kill();
  }
}
