package dev.tocsin.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.core.HazelcastInstance;
import dev.tocsin.bus.Bus;
import dev.tocsin.bus.Doorbell;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this process is to others: alone, or a node of a cluster. */
public sealed interface Node {
  /** One line a node. */
  Logger log = LoggerFactory.getLogger(Node.class);

  /** The Vert.x it runs on; closing that leaves the cluster. */
  Vertx vertx();

  /** Knows nobody. */
  record Alone(Vertx vertx) implements Node {}

  /** Knows others. */
  final class Joined implements Node {
    /** For what a start does beside looking for others. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ClusterSettings settings;
    private final Vertx vertx;
    private final HazelcastInstance hazelcast;
    private final String id;
    private volatile @Nullable Watch watch;

    private Joined(ClusterSettings settings, Vertx vertx, HazelcastClusterManager manager) {
      this.settings = settings;
      this.vertx = vertx;
      this.hazelcast = manager.getHazelcastInstance();
      this.id = manager.getNodeId();
    }

    @Override
    public Vertx vertx() {
      return vertx;
    }

    /** Its id, by which others know it too. */
    public String id() {
      return id;
    }

    /** Everybody in the cluster, this node included; empty until it listens. */
    public List<Member> members() {
      Watch watching = watch;
      return watching == null ? List.of() : watching.members();
    }

    /**
     * Those of some addresses that this node listens at and at which others do not find it: their
     * messages go elsewhere, or nowhere. Asks the cluster, and waits for it.
     */
    public Set<String> lost(Set<String> addresses) {
      return new Subscriptions(hazelcast, id).lost(addresses);
    }

    /** How often it is worth a look. */
    public Duration heartbeatEvery() {
      return settings.heartbeatEvery();
    }

    /**
     * Connects the bus: doorbells ring on every node from when the answer is deployed, and until it
     * is undeployed.
     *
     * @param known every doorbell there is
     */
    public VerticleBase connect(
        Bus bus, List<Doorbell<?>> known, MeterRegistry meters, LongSupplier nanos) {
      Membership membership = new Membership(hazelcast, meters);
      Hearing hearing = new Hearing(settings.silentMax(), nanos);
      Watch watching = new Watch(membership, hearing);
      Waker waker = new Waker();
      Doorbells doorbells = new Doorbells(id, settings.doorbellsMax(), waker, meters);
      ClusterVerticle verticle =
          new ClusterVerticle(
              settings, id, doorbells, new Ears(id, known, bus, hearing, meters), watching);
      waker.verticle = verticle;
      watch = watching;
      bus.connect(doorbells);
      return verticle;
    }
  }

  /** Ties two that need each other. */
  final class Waker implements Runnable {
    private volatile @Nullable ClusterVerticle verticle;

    @Override
    public void run() {
      ClusterVerticle woken = verticle;
      if (woken != null) {
        woken.wake();
      }
    }
  }

  /**
   * Joins the others that can be found; where there are none, or none that answers, it goes on
   * alone, and finds them when they do. Waits, at most for {@link ClusterSettings#joinWithin} and
   * some seconds.
   *
   * @param options makes what Vert.x is told besides
   * @param since now, which others are told
   * @throws IllegalStateException when it cannot listen, saying why
   */
  static Joined join(ClusterSettings settings, Supplier<VertxOptions> options, Instant since) {
    try {
      return tryToJoin(settings, options.get(), HazelcastForm.of(settings, since));
    } catch (NobodyAnswersException e) {
      log.warn("no other node answers, though something listens there: this one goes on alone");
      Config alone = HazelcastForm.of(settings, since);
      TcpIpConfig others = alone.getAdvancedNetworkConfig().getJoin().getTcpIpConfig();
      others.clear();
      Joined node = tryToJoin(settings, options.get(), alone);
      others.setMembers(settings.members()); // It looks for them there from now on.
      return node;
    }
  }

  private static Joined tryToJoin(
      ClusterSettings settings, VertxOptions options, Config hazelcast) {
    Joining joining = Joining.watch(hazelcast);
    HazelcastClusterManager manager = new HazelcastClusterManager(hazelcast);
    Duration patience = settings.joinWithin().plus(Joined.GRACE);
    try {
      Vertx vertx =
          Vertx.builder()
              .with(options.setEventBusOptions(BusForm.of(settings)))
              .withClusterManager(manager)
              .buildClustered()
              .toCompletionStage()
              .toCompletableFuture()
              .get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return new Joined(settings, vertx, manager);
    } catch (TimeoutException e) {
      throw new IllegalStateException("joining the cluster takes longer than " + patience, e);
    } catch (ExecutionException e) {
      throw failure(settings, joining, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while joining the cluster", e);
    }
  }

  private static RuntimeException failure(
      ClusterSettings settings, Joining joining, Throwable cause) {
    return cause instanceof IllegalStateException && joining.isUnderWay()
        ? new NobodyAnswersException(cause)
        : new IllegalStateException(
            "cannot listen for the cluster on "
                + settings.host()
                + ":"
                + settings.port()
                + " and "
                + settings.busListensOn()
                + ":"
                + settings.busPort()
                + ": "
                + cause,
            cause);
  }

  /** Where others are to be, something accepts connections and does not answer. */
  final class NobodyAnswersException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private NobodyAnswersException(Throwable cause) {
      super("no other node answers", cause);
    }
  }
}
