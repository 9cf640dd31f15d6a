package dev.tocsin.bus;

/**
 * A record that travels over the bus. Local delivery passes the same instance to every consumer, so
 * it must be deeply immutable.
 */
public interface BusMessage {}
