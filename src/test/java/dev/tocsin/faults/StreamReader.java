package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that goes on at any node after the last event it saw, when its stream ends, fails or
 * falls silent, and now and then without a reason.
 */
final class StreamReader implements Runnable {
  private static final int SILENCE_MILLIS = 3_000;
  private static final int PAUSE_MILLIS = 100;
  private static final int LEAVES_OF_A_THOUSAND = 3;

  private final List<URI> addresses;
  private final String path;
  private final Doors doors;
  private final Random random;
  private final CountDownLatch done;
  private final List<String> seen = new ArrayList<>();
  private @Nullable String last;
  private int connections;

  StreamReader(
      List<URI> addresses, String organization, Doors doors, long seed, CountDownLatch done) {
    this.addresses = addresses;
    this.path = "/organizations/" + organization + "/events/stream";
    this.doors = doors;
    this.random = new Random(seed);
    this.done = done;
  }

  @Override
  public void run() {
    try {
      while (done.getCount() > 0) {
        int node = random.nextInt(addresses.size());
        try {
          follow(addresses.get(node), doors.node(node));
        } catch (IOException e) {
          // It is away, hangs, or has ended the stream: elsewhere.
        }
        done.await(1 + random.nextInt(PAUSE_MILLIS), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(URI address, ApiClient api) throws IOException, InterruptedException {
    String token = api.token().ok().getString("access_token");
    HttpURLConnection connection =
        (HttpURLConnection) address.resolve(path).toURL().openConnection();
    try {
      connection.setConnectTimeout(SILENCE_MILLIS);
      connection.setReadTimeout(SILENCE_MILLIS);
      connection.setRequestProperty("Authorization", "Bearer " + token);
      String after = last;
      if (after != null) {
        connection.setRequestProperty("Last-Event-ID", after);
      }
      read(
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8)));
    } finally {
      connection.disconnect();
    }
  }

  private void read(BufferedReader lines) throws IOException {
    connected();
    String id = null;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (done.getCount() == 0) {
        return;
      }
      if (line.startsWith("id:")) {
        id = line.substring("id:".length()).strip();
      } else if (line.isEmpty() && id != null) {
        saw(id);
        id = null;
        if (random.nextInt(1_000) < LEAVES_OF_A_THOUSAND) {
          return;
        }
      }
    }
  }

  private synchronized void connected() {
    connections++;
    notifyAll();
  }

  private synchronized void saw(String id) {
    seen.add(id);
    last = id;
    notifyAll();
  }

  /** Waits until it has subscribed. */
  void awaitConnected(Duration within) throws IOException, InterruptedException {
    if (!comes(() -> connections > 0, within)) {
      throw new IOException("no stream could be opened within " + within);
    }
  }

  /** Waits until it has seen so many. */
  void await(int events, Duration within) throws IOException, InterruptedException {
    if (!hasSeen(events, within)) {
      throw new IOException(seen().size() + " of " + events + " events came within " + within);
    }
  }

  /** Waits until it has seen so many, and answers whether it has. */
  boolean hasSeen(int events, Duration within) throws InterruptedException {
    return comes(() -> seen.size() >= events, within);
  }

  private synchronized boolean comes(BooleanSupplier what, Duration within)
      throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    for (long left = within.toMillis(); !what.getAsBoolean() && left > 0; ) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
    return what.getAsBoolean();
  }

  /** The ids of what it saw, in that order. */
  synchronized List<String> seen() {
    return List.copyOf(seen);
  }

  synchronized int connections() {
    return connections;
  }
}
