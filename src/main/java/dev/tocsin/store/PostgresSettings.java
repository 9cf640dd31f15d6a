package dev.tocsin.store;

import dev.tocsin.store.EmbeddedPostgres.Durability;
import java.util.LinkedHashMap;
import java.util.Map;

/** The settings of the embedded PostgreSQL, which stand above those of any file. */
final class PostgresSettings {
  private PostgresSettings() {}

  static Map<String, String> of(int port, Durability durability) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("listen_addresses", "127.0.0.1");
    settings.put("port", Integer.toString(port));
    // No socket file: a door that needs no password in a folder that others may enter.
    settings.put("unix_socket_directories", "");
    settings.put("max_connections", "60");
    settings.put("timezone", "UTC");
    settings.put("log_timezone", "UTC");
    String durable = durability == Durability.DURABLE ? "on" : "off";
    settings.put("fsync", durable);
    settings.put("synchronous_commit", durable);
    settings.put("full_page_writes", durable);
    // For a machine of a few cores and gigabytes that the server shares: what is hot (today's
    // partitions, keys, the states of entities) should stay in memory.
    settings.put("shared_buffers", "256MB");
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
}
