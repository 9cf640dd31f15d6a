package dev.tocsin.config;

import java.time.Duration;
import java.util.regex.Pattern;

/** Reads the sections about those who follow events, over HTTP and on the bus. */
final class StreamSection {
  private static final Pattern FILE = Pattern.compile("\\P{Cntrl}+");

  private StreamSection() {}

  /** A stream must be kept alive before the server closes connections that nothing happens on. */
  static Settings.Stream stream(Section stream) {
    return new Settings.Stream(
        stream.integer("streamsMax", 1_000, 1, 100_000),
        stream.integer("perOrganizationMax", 100, 1, 100_000),
        (int) stream.bytes("bufferBytesMax", 1 << 20, 1 << 10, 64 << 20),
        stream.integer("readEventsMax", 100, 1, 1_000),
        stream.duration(
            "pollEvery", Duration.ofSeconds(1), Duration.ofMillis(50), Duration.ofMinutes(1)),
        stream.duration(
            "keepAliveEvery", Duration.ofSeconds(15), Duration.ofSeconds(1), Duration.ofMinutes(1)),
        stream.duration("retry", Duration.ofSeconds(2), Duration.ZERO, Duration.ofMinutes(10)),
        stream.integer("connections", 2, 1, 100));
  }

  static Settings.Bus bus(Section bus) {
    return new Settings.Bus(
        bus.flag("tcp", false),
        bus.text("tcpHost", "127.0.0.1"),
        bus.integer("tcpPort", 8481, 0, 65_535),
        bus.optionalText("tcpCertificate", FILE, "the path of a PEM file"),
        bus.optionalText("tcpKey", FILE, "the path of a PEM file"),
        bus.flag("webSockets", false),
        bus.integer("connectionsMax", 1_000, 1, 100_000),
        bus.integer("withoutTokenMax", 100, 1, 100_000),
        bus.integer("perOrganizationMax", 100, 1, 100_000),
        (int) bus.bytes("messageBytesMax", 1 << 20, 1 << 10, 64 << 20),
        bus.integer("requestsMax", 64, 1, 10_000),
        bus.duration(
            "tokenWithin", Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(1)),
        bus.integer("windowMax", 256, 1, 900),
        bus.duration(
            "acknowledgeWithin",
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1)));
  }
}
