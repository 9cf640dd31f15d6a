package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.ApiClient.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The ways into a cluster of somebody who goes to another node when one does not answer. */
final class Doors implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration ANSWERED_WITHIN = Duration.ofMinutes(2);
  private static final Set<Integer> COME_AGAIN = Set.of(429, 500, 502, 503, 504);
  private static final int PAUSE_MILLIS = 100;

  private final List<ApiClient> nodes;
  private final ApiClient calm;
  private final CountDownLatch givenUp;
  private final AtomicInteger repeated = new AtomicInteger();

  /**
   * Ways in.
   *
   * @param givenUp ends every wait for an answer
   */
  Doors(List<URI> addresses, Account account, CountDownLatch givenUp) {
    this.nodes =
        addresses.stream().map(address -> new ApiClient(address, account, PATIENCE)).toList();
    this.calm = new ApiClient(addresses.getFirst(), account);
    this.givenUp = givenUp;
  }

  /** A try that is to be made again if nothing comes of it. */
  interface Try {
    Answer at(ApiClient node) throws IOException, InterruptedException;
  }

  ApiClient node(int number) {
    return nodes.get(number);
  }

  /** The first node, for what is asked before and after all trouble: it may take its time. */
  ApiClient calm() {
    return calm;
  }

  /** Asks any node, and another one again, until there is an answer that says yes or no. */
  Answer ask(Random random, Try what) throws InterruptedException, IOException {
    long until = System.nanoTime() + ANSWERED_WITHIN.toNanos();
    while (true) {
      Answer answer = once(nodes.get(random.nextInt(nodes.size())), what);
      if (answer != null && !COME_AGAIN.contains(answer.status())) {
        return answer;
      }
      repeated.incrementAndGet();
      if (System.nanoTime() > until
          || givenUp.await(1 + random.nextInt(PAUSE_MILLIS), TimeUnit.MILLISECONDS)) {
        throw new IOException("no node answered in time; the last said " + answer);
      }
    }
  }

  Answer post(Random random, String path, JsonObject body)
      throws InterruptedException, IOException {
    return ask(random, node -> node.post(path, body));
  }

  private static @Nullable Answer once(ApiClient node, Try what) throws InterruptedException {
    try {
      return what.at(node);
    } catch (IOException e) {
      return null; // It is away, or hangs.
    }
  }

  /** Requests that were sent again. */
  int repeated() {
    return repeated.get();
  }

  @Override
  public void close() {
    nodes.forEach(ApiClient::close);
    calm.close();
  }
}
