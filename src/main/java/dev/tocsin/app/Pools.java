package dev.tocsin.app;

import dev.tocsin.config.Settings;
import dev.tocsin.event.Ids;
import dev.tocsin.store.Database;
import dev.tocsin.store.DatabaseClock;
import dev.tocsin.store.PgDeliveryStore;
import dev.tocsin.store.PgEvents;
import dev.tocsin.store.PgExpiredPartitions;
import dev.tocsin.store.PgHorizon;
import dev.tocsin.store.PgLedger;
import dev.tocsin.store.PgScheduleStore;
import dev.tocsin.store.PostgresAddress;
import dev.tocsin.store.Retention;
import dev.tocsin.store.Statements;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.Map;

/**
 * The pools of connections and what all parts read time and ids from.
 *
 * @param ledger for commits and what they ask beforehand alone, so that nothing else can keep them
 *     waiting
 * @param rules for loading rule sets
 * @param delivery for outcomes of deliveries and their sweep
 * @param schedule for arming and firing scheduled events
 * @param events for reading events, and what scheduled events are due
 * @param stream for following events
 * @param expiry for dropping what has expired
 * @param shared for everything else
 * @param clock the database's clock
 * @param retention for how long events are kept
 * @param horizon how far back that is, for each organization
 */
record Pools(
    Database ledger,
    Database rules,
    Database delivery,
    Database schedule,
    Database events,
    Database stream,
    Database expiry,
    Database shared,
    DatabaseClock clock,
    Ids ids,
    Retention retention,
    PgHorizon horizon) {
  /** Opens the pools and sets the clock, which waits for the database. */
  static Pools open(Vertx vertx, PostgresAddress address, Settings settings, SecureRandom random) {
    Statements statements = Statements.load();
    Database shared =
        Database.open(vertx, address, "shared", StageSettings.pool(settings), Map.of(), statements);
    Database delivery =
        Database.open(
            vertx,
            address,
            "delivery",
            StageSettings.deliveryPool(settings),
            PgDeliveryStore.SESSION,
            statements);
    Database schedule =
        Database.open(
            vertx,
            address,
            "schedule",
            StageSettings.schedulePool(settings),
            PgScheduleStore.SESSION,
            statements);
    Database events =
        Database.open(
            vertx,
            address,
            "events",
            StageSettings.readPool(settings),
            PgEvents.SESSION,
            statements);
    Database stream =
        Database.open(
            vertx,
            address,
            "stream",
            StageSettings.streamPool(settings),
            PgEvents.SESSION,
            statements);
    Database expiry =
        Database.open(
            vertx,
            address,
            "expiry",
            StageSettings.expiryPool(settings),
            PgExpiredPartitions.SESSION,
            statements);
    Database rules =
        Database.open(
            vertx,
            address,
            "rules",
            StageSettings.rulePool(settings),
            PgLedger.SESSION,
            statements);
    Database ledger =
        Database.open(
            vertx,
            address,
            "ledger",
            StageSettings.ledgerPool(settings),
            PgLedger.SESSION,
            statements);
    DatabaseClock clock = new DatabaseClock(shared, System::nanoTime, settings.clockOffset());
    Retention retention = new Retention(clock, settings.retentionDays());
    return new Pools(
        ledger,
        rules,
        delivery,
        schedule,
        events,
        stream,
        expiry,
        shared,
        clock,
        new TimeOrderedIds(clock, random),
        retention,
        new PgHorizon(shared, retention));
  }

  /** Makes the pools parts of the server. */
  void addTo(Parts parts) {
    parts.add("connections", shared);
    parts.add("connections of reads", events);
    parts.add("connections of streams", stream);
    parts.add("connections of the schedule", schedule);
    parts.add("connections of expiry", expiry);
    parts.add("connections of deliveries", delivery);
    parts.add("connections of rules", rules);
    parts.add("connections of the ledger", ledger);
  }
}
