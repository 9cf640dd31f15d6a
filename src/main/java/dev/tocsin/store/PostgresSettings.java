package dev.tocsin.store;

import com.sun.management.OperatingSystemMXBean;
import dev.tocsin.store.EmbeddedPostgres.Durability;
import dev.tocsin.store.EmbeddedPostgres.Needs;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/** The settings of the embedded PostgreSQL, which stand above those of any file. */
final class PostgresSettings {
  /**
   * Tells the C library's allocator to keep what one commit needed for the next: given back to the
   * system and taken again, its pages are cleared each time, a twelfth of what a commit costs.
   */
  static final Map<String, String> ENVIRONMENT =
      Map.of("MALLOC_MMAP_THRESHOLD_", "33554432", "MALLOC_TRIM_THRESHOLD_", "67108864");

  /** For an operator's own sessions, and the few that PostgreSQL keeps for its administrator. */
  private static final int SPARE_CONNECTIONS = 20;

  private static final int SHARED_BUFFERS_MB_MIN = 128;
  private static final int SHARED_BUFFERS_MB_MAX = 1024;

  private PostgresSettings() {}

  static Map<String, String> of(int port, Needs needs) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("listen_addresses", "127.0.0.1");
    settings.put("port", Integer.toString(port));
    // No socket file: a door that needs no password in a folder that others may enter.
    settings.put("unix_socket_directories", "");
    settings.put("max_connections", Integer.toString(needs.connections() + SPARE_CONNECTIONS));
    settings.put("timezone", "UTC");
    settings.put("log_timezone", "UTC");
    String durable = needs.durability() == Durability.DURABLE ? "on" : "off";
    settings.put("fsync", durable);
    settings.put("synchronous_commit", durable);
    settings.put("full_page_writes", durable);
    settings.put("shared_buffers", sharedBuffers(machineMemory()));
    // Every checkpoint makes the next write of each page carry the whole page; with so much log
    // between two, a steady load makes them by time, one in a quarter of an hour.
    settings.put("max_wal_size", "4GB");
    settings.put("checkpoint_timeout", "15min");
    settings.put("jit", "off");
    // Runs end and entity states change all the time; dead rows are swept early and in small bits.
    settings.put("autovacuum_naptime", "15s");
    settings.put("log_checkpoints", "off");
    return settings;
  }

  /**
   * A sixteenth of the machine's memory, within bounds: what is hot (today's partitions, keys, the
   * states of entities) should stay there until a checkpoint writes it once, and the rest of the
   * machine belongs to the server and to the system's own cache.
   */
  static String sharedBuffers(long machineBytes) {
    return Math.clamp(machineBytes >> 24, SHARED_BUFFERS_MB_MIN, SHARED_BUFFERS_MB_MAX) + "MB";
  }

  private static long machineMemory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
