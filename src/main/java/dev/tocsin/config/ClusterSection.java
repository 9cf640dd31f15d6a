package dev.tocsin.config;

import dev.tocsin.cluster.ClusterSettings;
import dev.tocsin.cluster.NodeKeys;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads how the node joins others, and looks at the files that it encrypts with. */
final class ClusterSection {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");

  private static final Pattern MEMBER =
      Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]+\\]):\\d{1,5}");

  private static final Pattern FILE = Pattern.compile("\\P{Cntrl}{1,1000}");

  private static final int MEMBERS_MAX = 100;

  private ClusterSection() {}

  static ClusterSettings read(Section cluster) {
    boolean enabled = cluster.flag("enabled", false);
    return new ClusterSettings(
        enabled,
        or(cluster.optionalText("name", NAME, "a name of letters, digits and . _ -"), "tocsin"),
        or(cluster.optionalText("host", ClusterSection::isAddress, "an IP address"), "127.0.0.1"),
        cluster.integer("port", 5701, 1, 65_535),
        cluster.optionalText("busHost", ClusterSection::isAddress, "an IP address"),
        cluster.integer("busPort", 5702, 0, 65_535),
        cluster.optionalText("publicHost", HOST, "a host name or an IP address"),
        cluster.integer("publicPort", 0, 0, 65_535),
        cluster.integer("publicBusPort", 0, 0, 65_535),
        cluster.texts("members", MEMBERS_MAX, MEMBER, "texts such as 10.0.0.1:5701"),
        cluster.duration(
            "joinWithin", Duration.ofSeconds(20), Duration.ofSeconds(1), Duration.ofMinutes(5)),
        cluster.duration(
            "heartbeatEvery", Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMinutes(1)),
        cluster.duration(
            "silentMax", Duration.ofSeconds(12), Duration.ofSeconds(3), Duration.ofMinutes(10)),
        cluster.duration(
            "doorbellPause", Duration.ofMillis(10), Duration.ofMillis(1), Duration.ofSeconds(1)),
        cluster.integer("doorbellsMax", 10_000, 1, 1_000_000),
        keys(cluster, enabled),
        cluster.flag("plaintext", false));
  }

  private static boolean isAddress(String text) {
    try {
      return !InetAddress.ofLiteral(text).isMulticastAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String or(@Nullable String text, String preset) {
    return text == null ? preset : text;
  }

  private static ClusterSettings.@Nullable Keys keys(Section cluster, boolean enabled) {
    String certificate = cluster.optionalText("certificate", FILE, "a path");
    String key = cluster.optionalText("key", FILE, "a path");
    String authority = cluster.optionalText("authority", FILE, "a path");
    if (certificate == null || key == null || authority == null) {
      if (certificate != null || key != null || authority != null) {
        refuseMissing(cluster, certificate, key, authority);
      }
      return null;
    }
    ClusterSettings.Keys keys =
        new ClusterSettings.Keys(Path.of(certificate), Path.of(key), Path.of(authority));
    List<NodeKeys.Fault> faults = enabled ? NodeKeys.faults(keys, Instant.now()) : List.of();
    faults.forEach(fault -> cluster.refuse(fault.file(), fault.message()));
    return keys;
  }

  private static void refuseMissing(
      Section cluster,
      @Nullable String certificate,
      @Nullable String key,
      @Nullable String authority) {
    String message = "is missing: certificate, key and authority are given together";
    if (certificate == null) {
      cluster.refuse("certificate", message);
    }
    if (key == null) {
      cluster.refuse("key", message);
    }
    if (authority == null) {
      cluster.refuse("authority", message);
    }
  }
}
