package dev.tocsin.cluster;

import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Set;

/**
 * What the event bus between nodes is told. Whoever has a certificate of the cluster's authority is
 * a node of it, by whatever name it is reached; whoever has none gets no connection.
 */
final class BusForm {
  private static final int CONNECT_MILLIS_MAX = 5_000;

  private BusForm() {}

  static EventBusOptions of(ClusterSettings settings) {
    EventBusOptions options =
        new EventBusOptions()
            .setHost(settings.busListensOn())
            .setPort(settings.busPort())
            .setConnectTimeout(CONNECT_MILLIS_MAX)
            .setClusterPingInterval(settings.heartbeatEvery().toMillis())
            .setClusterPingReplyInterval(settings.silentMax().toMillis());
    if (settings.publicHost() != null) {
      options.setClusterPublicHost(settings.publicHost());
    }
    if (settings.publicBusPort() != 0) {
      options.setClusterPublicPort(settings.publicBusPort());
    }
    ClusterSettings.Keys keys = settings.keys();
    if (keys != null) {
      encrypt(options, keys);
    }
    return options;
  }

  private static void encrypt(EventBusOptions options, ClusterSettings.Keys keys) {
    options
        .setSsl(true)
        .setTrustAll(false)
        .setClientAuth(ClientAuth.REQUIRED)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(keys.certificate().toString())
                .setKeyPath(keys.key().toString()))
        .setTrustOptions(new PemTrustOptions().addCertPath(keys.authority().toString()));
  }
}
