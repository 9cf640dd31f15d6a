package dev.tocsin.app;

import dev.tocsin.config.Settings;
import dev.tocsin.event.Ids;
import dev.tocsin.store.Database;
import dev.tocsin.store.DatabaseClock;
import dev.tocsin.store.PgDeliveryStore;
import dev.tocsin.store.PgEvents;
import dev.tocsin.store.PgLedger;
import dev.tocsin.store.PostgresAddress;
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
 * @param events for reading events
 * @param shared for everything else
 * @param clock the database's clock
 */
record Stores(
    Database ledger,
    Database rules,
    Database delivery,
    Database events,
    Database shared,
    DatabaseClock clock,
    Ids ids) {
  /** Opens the pools and sets the clock, which waits for the database. */
  static Stores open(Vertx vertx, PostgresAddress address, Settings settings, SecureRandom random) {
    Statements statements = Statements.load();
    Database shared =
        Database.open(vertx, address, "shared", Limits.pool(settings), Map.of(), statements);
    Database delivery =
        Database.open(
            vertx,
            address,
            "delivery",
            Limits.deliveryPool(settings),
            PgDeliveryStore.SESSION,
            statements);
    Database events =
        Database.open(
            vertx, address, "events", Limits.readPool(settings), PgEvents.SESSION, statements);
    Database ledger =
        Database.open(
            vertx, address, "ledger", Limits.ledgerPool(settings), PgLedger.SESSION, statements);
    Database rules =
        Database.open(
            vertx, address, "rules", Limits.rulePool(settings), PgLedger.SESSION, statements);
    DatabaseClock clock = new DatabaseClock(shared, System::nanoTime, settings.clockOffset());
    return new Stores(
        ledger, rules, delivery, events, shared, clock, new TimeOrderedIds(clock, random));
  }
}
