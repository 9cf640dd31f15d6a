package dev.tocsin.faults;

import dev.tocsin.process.Receiver;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What a receiver got: for each notification and cause, the id it came under, and how often it was
 * taken. One request in twenty is refused, so that retries take part in every campaign; some may be
 * answered late, or too late.
 */
final class Arrivals implements Consumer<Receiver.Request> {
  private static final int REFUSED_OF_A_HUNDRED = 5;
  private static final int SLOW_MILLIS_MIN = 500;
  private static final int SLOW_MILLIS_MAX = 2_000;

  private final Consumer<String> complaints;
  private final Random random;
  private final int slowOfAHundred;
  private final CountDownLatch never = new CountDownLatch(1);
  private final Map<String, String> idByCause = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> taken = new ConcurrentHashMap<>();
  private final Semaphore news = new Semaphore(0);

  Arrivals(Consumer<String> complaints, long seed) {
    this(complaints, seed, 0);
  }

  /** So many of a hundred are answered after half a second to two seconds. */
  Arrivals(Consumer<String> complaints, long seed, int slowOfAHundred) {
    this.complaints = complaints;
    this.random = new Random(seed);
    this.slowOfAHundred = slowOfAHundred;
  }

  @Override
  public void accept(Receiver.Request request) {
    JsonObject data = new JsonObject(request.body()).getJsonObject("data");
    String cause =
        data.getJsonObject("event").getString("id")
            + " "
            + data.getJsonObject("notification").getString("code");
    String id = request.webhookId();
    String first = idByCause.putIfAbsent(cause, id);
    if (!request.isGenuine()) {
      complaints.accept("a request was not signed as it must be: " + id);
    }
    if (!id.equals(data.getString("id"))) {
      complaints.accept("webhook-id " + id + " and data.id " + data.getString("id") + " differ");
    }
    if (first != null && !first.equals(id)) {
      complaints.accept(cause + " came as " + first + " and as " + id);
    }
  }

  /** What the receiver answers. */
  Receiver.Reply answer(Receiver.Request request) {
    boolean refuses;
    int millis = 0;
    synchronized (random) {
      refuses = random.nextInt(100) < REFUSED_OF_A_HUNDRED;
      if (slowOfAHundred > 0 && random.nextInt(100) < slowOfAHundred) {
        millis = random.nextInt(SLOW_MILLIS_MIN, SLOW_MILLIS_MAX);
      }
    }
    if (!refuses) {
      // Taken before it is answered, whether its sender waits for that or not.
      taken.computeIfAbsent(request.webhookId(), id -> new AtomicInteger()).incrementAndGet();
      news.release();
    }
    if (millis > 0) {
      pause(millis);
    }
    return Receiver.Reply.of(refuses ? 500 : 204);
  }

  private void pause(int millis) {
    try {
      never.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The receiver is closed.
    }
  }

  /** Waits until something arrives, or gives up after ten seconds of silence. */
  boolean awaitNews() throws InterruptedException {
    boolean came = news.tryAcquire(10, TimeUnit.SECONDS);
    news.drainPermits();
    return came;
  }

  /** How often each notification was taken, by its id. */
  Map<String, AtomicInteger> taken() {
    return taken;
  }

  int repeated() {
    return taken.values().stream().mapToInt(count -> count.get() - 1).sum();
  }
}
