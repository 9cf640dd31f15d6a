package dev.tocsin.cluster;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How this node joins others; {@code conf/tocsin.yaml} documents each key.
 *
 * @param host where membership and the event bus listen
 * @param busHost where the event bus listens instead; null for the same
 * @param publicHost by which address others reach this node; null for the one it listens on
 * @param publicPort by which port others reach membership; 0 for the one it listens on
 * @param publicBusPort likewise the event bus
 * @param members where others may be found, as host:port
 * @param keys what the event bus is encrypted with; null for nothing
 * @param plaintext whether it may go unencrypted over a network
 */
public record ClusterSettings(
    boolean enabled,
    String name,
    String host,
    int port,
    @Nullable String busHost,
    int busPort,
    @Nullable String publicHost,
    int publicPort,
    int publicBusPort,
    List<String> members,
    Duration joinWithin,
    Duration heartbeatEvery,
    Duration silentMax,
    Duration doorbellPause,
    int doorbellsMax,
    @Nullable Keys keys,
    boolean plaintext) {
  public ClusterSettings {
    members = List.copyOf(members);
  }

  /** Files in PEM form. */
  public record Keys(Path certificate, Path key, Path authority) {
    public Keys {
      Objects.requireNonNull(certificate);
      Objects.requireNonNull(key);
      Objects.requireNonNull(authority);
    }
  }

  /** Whether nobody but this machine can reach it. */
  public boolean staysHere() {
    return isLoopback(host) && isLoopback(busListensOn());
  }

  private static boolean isLoopback(String address) {
    return InetAddress.ofLiteral(address).isLoopbackAddress();
  }

  /** Whether others are told an address that means this node to them. */
  public boolean isReachable() {
    return publicHost != null
        || Stream.of(host, busListensOn())
            .noneMatch(address -> InetAddress.ofLiteral(address).isAnyLocalAddress());
  }

  /** Where the event bus listens. */
  public String busListensOn() {
    return busHost == null ? host : busHost;
  }
}
