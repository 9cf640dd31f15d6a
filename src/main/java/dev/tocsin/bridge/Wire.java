package dev.tocsin.bridge;

import io.vertx.core.Future;

/** How frames get to one client. Used on the connection's own context only. */
interface Wire {
  /** What the bridge of this kind calls a frame that brings a message. */
  String messageType();

  /** Sends a frame; completes when it is on its way. */
  Future<Void> write(String json);

  /** Closes the connection once everything was sent. */
  void close();

  /** Closes it at once, for a client that takes nothing of what waits. */
  void cut();
}
