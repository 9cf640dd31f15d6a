package dev.tocsin.example;

import com.hazelcast.config.YamlConfigBuilder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * Joins the cluster of Tocsin's servers: copy this file. It needs {@code vertx-core} and {@code
 * vertx-hazelcast}, and the file that Tocsin's {@code docs/bus.md} shows.
 */
public final class TocsinMember {
  private TocsinMember() {}

  /**
   * Joins; closing what it answers leaves.
   *
   * @param hazelcast the file {@code hazelcast.yaml}
   * @param host the address of this machine at which servers reach its event bus
   * @param port likewise the port; 0 for any free one, which the servers are told
   * @param keys with what {@code scripts/cluster-keys} made: {@code name.pem}, {@code name.key} and
   *     {@code authority.pem}
   * @param name which of them is for this application
   */
  public static Future<Vertx> join(Path hazelcast, String host, int port, Path keys, String name)
      throws IOException {
    EventBusOptions bus =
        new EventBusOptions()
            .setHost(host)
            .setPort(port)
            .setSsl(true)
            .setTrustAll(false)
            .setClientAuth(ClientAuth.REQUIRED)
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(keys.resolve(name + ".pem").toString())
                    .setKeyPath(keys.resolve(name + ".key").toString()))
            .setTrustOptions(
                new PemTrustOptions().addCertPath(keys.resolve("authority.pem").toString()));
    return Vertx.builder()
        .with(new VertxOptions().setEventBusOptions(bus))
        .withClusterManager(
            new HazelcastClusterManager(new YamlConfigBuilder(hazelcast.toString()).build()))
        .buildClustered();
  }
}
