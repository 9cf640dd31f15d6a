package dev.tocsin.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import java.time.Duration;
import java.time.Instant;

/**
 * What Hazelcast is told: to find the nodes that are named and no others, to speak with members
 * only, and to take as little as it can from them.
 */
final class HazelcastForm {
  /** The member attribute with the instant at which a node came. */
  static final String SINCE = "tocsin.since";

  /** The member attribute by which vertx-hazelcast knows a node. */
  static final String NODE_ID = "__vertx.nodeId";

  private static final String ANY = "0.0.0.0";

  /** How often two clusters that could not see each other look for one another. */
  private static final Duration MERGE_EVERY = Duration.ofSeconds(10);

  /** There are a few entries for each node; every partition costs time at a start and a stop. */
  private static final int PARTITIONS = 31;

  /**
   * Failures that members tell each other while others come and go, beside those of whole packages.
   * A node that cannot read one waits for an answer that it has had.
   */
  private static final String[] FAILURES = {
    "com.hazelcast.internal.cluster.impl.ClusterTopologyChangedException",
    "com.hazelcast.internal.cluster.impl.ConfigMismatchException",
    "com.hazelcast.internal.cluster.impl.VersionMismatchException",
    "com.hazelcast.internal.partition.PartitionStateVersionMismatchException",
    "com.hazelcast.nio.serialization.HazelcastSerializationException",
    "com.hazelcast.partition.NoDataMemberInClusterException",
    "java.util.concurrent.CancellationException",
    "java.util.concurrent.CompletionException",
    "java.util.concurrent.ExecutionException",
    "java.util.concurrent.TimeoutException"
  };

  private HazelcastForm() {}

  static Config of(ClusterSettings settings, Instant since) {
    Config config = new Config();
    config.setClusterName(settings.name());
    config.getMemberAttributeConfig().setAttribute(SINCE, since.toString());
    config.getJetConfig().setEnabled(false);
    config.getMetricsConfig().setEnabled(false);
    config.getManagementCenterConfig().setScriptingEnabled(false).setConsoleEnabled(false);
    times(config, settings);
    network(config, settings);
    maps(config);
    config.getSerializationConfig().setJavaSerializationFilterConfig(filter());
    return config;
  }

  private static void times(Config config, ClusterSettings settings) {
    set(config, "hazelcast.logging.type", "slf4j");
    set(config, "hazelcast.logging.details.enabled", false);
    set(config, "hazelcast.phone.home.enabled", false);
    set(config, "hazelcast.partition.count", PARTITIONS);
    set(config, "hazelcast.wait.seconds.before.join", 0);
    set(config, "hazelcast.max.join.seconds", settings.joinWithin().toSeconds());
    set(config, "hazelcast.merge.first.run.delay.seconds", MERGE_EVERY.toSeconds());
    set(config, "hazelcast.merge.next.run.delay.seconds", MERGE_EVERY.toSeconds());
    set(config, "hazelcast.heartbeat.interval.seconds", settings.heartbeatEvery().toSeconds());
    set(config, "hazelcast.max.no.heartbeat.seconds", settings.silentMax().toSeconds());
    // A node that stops hands its few entries over; if that takes longer, nothing is lost by it.
    set(config, "hazelcast.graceful.shutdown.max.wait", 2);
  }

  /**
   * With endpoints of their own there is one for members, and none for clients, REST or memcache.
   */
  private static void network(Config config, ClusterSettings settings) {
    boolean anywhere = settings.host().equals(ANY);
    set(config, "hazelcast.socket.bind.any", anywhere);
    ServerSocketEndpointConfig members = new ServerSocketEndpointConfig();
    members.setPort(settings.port()).setPortAutoIncrement(false).setReuseAddress(true);
    if (!anywhere) {
      members.getInterfaces().setEnabled(true).addInterface(settings.host());
    }
    String host = settings.publicHost() == null ? settings.host() : settings.publicHost();
    int port = settings.publicPort() == 0 ? settings.port() : settings.publicPort();
    members.setPublicAddress((host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    set(config, "hazelcast.prefer.ipv4.stack", !settings.host().contains(":"));
    config.getAdvancedNetworkConfig().setEnabled(true).setMemberEndpointConfig(members);
    JoinConfig join = config.getAdvancedNetworkConfig().getJoin();
    join.getMulticastConfig().setEnabled(false);
    join.getAutoDetectionConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true).setMembers(settings.members());
    join.getTcpIpConfig().setConnectionTimeoutSeconds(2);
  }

  private static void set(Config config, String property, Object value) {
    config.setProperty(property, value.toString());
  }

  /** As vertx-hazelcast needs them. */
  private static void maps(Config config) {
    config.addMultiMapConfig(
        new MultiMapConfig("__vertx.subs")
            .setBackupCount(1)
            .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
    config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
  }

  /** What is sent by Java's serialization is failures, and what is in them. */
  private static JavaSerializationFilterConfig filter() {
    JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
    filter.setDefaultsDisabled(true);
    filter.getWhitelist().addPackages("java.lang", "java.util", "com.hazelcast.core");
    filter.getWhitelist().addPrefixes("com.hazelcast.spi.exception.", "[");
    filter.getWhitelist().addClasses(FAILURES);
    return filter;
  }
}
