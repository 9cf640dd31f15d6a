package dev.tocsin.bridge;

import dev.tocsin.api.Reception.Reply;
import io.vertx.core.Context;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * One client of a bridge. He may ask {@code tocsin.ingest} and register at his organization's two
 * addresses; of any other he is told the same, whether there is something or not. What waits for
 * him is bounded: by requests that are not answered yet, by the buffers of his subscriptions, and
 * by {@link #NOTES_MAX} for everything else.
 *
 * <p>Not thread-safe: everything happens on the connection's context.
 */
final class Connection {
  /** Most frames beside answers and events that wait for a client who does not read. */
  private static final int NOTES_MAX = 256;

  /**
   * Most of them while he reads: what the frames of one moment make is on its way only when all of
   * those were read.
   */
  private static final int NOTES_AT_ONCE_MAX = 4_096;

  /** How long he may take nothing of them, once there are too many. */
  private static final long TAKES_NOTHING_MILLIS_MAX = 1_000;

  /** Longest address looked at, and sent back; ours have some 60 characters. */
  private static final int ADDRESS_LENGTH_MAX = 200;

  private final Bridges bridges;
  private final Wire wire;
  private final Context context;
  private final Seat seat;
  private final Registrations registrations;
  private final long tokenTimer;
  private boolean closed;
  private boolean stopping;

  /** Whether something waits for the client for which a server that stops does not wait. */
  private boolean behind;

  private int inFlight;
  private int notes;
  private long notesTaken;
  private boolean doubting;

  /** Whether a pong is being written, and whether a ping came since. */
  private boolean ponging;

  private boolean pongOwed;

  /** A connection that has just been made; called on its context. */
  Connection(Bridges bridges, Wire wire, Context context) {
    this.bridges = bridges;
    this.wire = wire;
    this.context = context;
    this.seat = new Seat(bridges, () -> context.runOnContext(now -> makeRoom()));
    this.registrations = new Registrations(bridges, this, context);
    this.tokenTimer =
        context
            .owner()
            .setTimer(
                bridges.settings().tokenWithin().toMillis(),
                timer -> endWithoutToken("no_token", "no message with a good token came in time"));
  }

  /** Says so, if there is no place for it. */
  void open() {
    if (!seat.take()) {
      note(Frames.error("too_many_connections", "the server has as many as it may"));
      close();
    }
  }

  private void makeRoom() {
    endWithoutToken("displaced", "too many newer connections have shown none either");
  }

  /** Tells the client, if he reads; one who does not is not waited for. */
  private void endWithoutToken(String reason, String message) {
    if (!seat.isOwned() && !closed) {
      bridges.count("cut", reason);
      boolean isReading = notes == 0 && !ponging;
      note(Frames.error("no_token", message));
      if (isReading) {
        close();
      } else {
        ended();
        wire.cut();
      }
    }
  }

  /** The client sent a frame. */
  void take(byte[] frame) {
    if (closed) {
      return;
    }
    switch (Envelope.read(frame)) {
      case Envelope.Reading.Malformed(String message) -> refuseFrame("malformed_frame", message);
      case Envelope.Reading.Read(Envelope envelope) -> take(envelope);
    }
  }

  private void take(Envelope envelope) {
    switch (envelope.type()) {
      case "ping" -> pong();
      case "send" -> {
        if (Protocol.INGEST.equals(envelope.address())) {
          request(envelope);
        } else {
          deny(envelope);
        }
      }
      case "register" -> register(envelope);
      case "unregister" -> {
        if (!registrations.remove(envelope.address())) {
          deny(envelope);
        }
      }
      case "publish" -> deny(envelope);
      default -> refuseFrame("malformed_frame", "type must be send, register, unregister or ping");
    }
  }

  /** Says that it is there, once for all pings that come while it says so. */
  private void pong() {
    if (ponging) {
      pongOwed = true;
      return;
    }
    ponging = true;
    write(Frames.PONG)
        .onComplete(written -> {
          ponging = false;
          if (pongOwed) {
            pongOwed = false;
            pong();
          }
        });
  }

  /** The client sent a frame of so many bytes that nobody reads it, or knows where it ends. */
  void takeTooLong(long bytes) {
    refuseFrame(
        Frames.TOO_LONG,
        "a frame may have 1 to " + bridges.settings().messageBytesMax() + " bytes, not " + bytes);
    close();
  }

  private void refuseFrame(String code, String message) {
    bridges.count("frames.refused", code);
    note(Frames.error(code, message));
  }

  private void deny(Envelope envelope) {
    bridges.count("frames.refused", Frames.ACCESS_DENIED);
    String reply = envelope.replyAddress();
    note(
        reply == null || reply.length() > ADDRESS_LENGTH_MAX
            ? Frames.error(Frames.ACCESS_DENIED, null)
            : Frames.refusal(reply, Frames.ACCESS_DENIED));
  }

  private void request(Envelope envelope) {
    String replyAddress = envelope.replyAddress();
    if (replyAddress == null || replyAddress.length() > ADDRESS_LENGTH_MAX) {
      refuseFrame("missing_reply_address", "nobody would hear what became of the events");
      return;
    }
    switch (Order.read(envelope.headers(), envelope.body())) {
      case Order.Reading.Malformed(String code, String message) ->
          answer(replyAddress, bridges.reception().malformed(code, message));
      case Order.Reading.Read(Order order) -> request(envelope, replyAddress, order);
    }
  }

  private void request(Envelope envelope, String replyAddress, Order order) {
    Reply refusal = refusal(order.credentials().authorization());
    if (refusal != null) {
      answer(replyAddress, refusal);
      return;
    }
    inFlight++;
    bridges
        .reception()
        .store(context, order.credentials(), envelope.headers(), order.body())
        .compose(reply -> write(message(replyAddress, Protocol.answer(reply))))
        .onComplete(written -> answered());
  }

  private void register(Envelope envelope) {
    String address = envelope.address();
    String organization =
        address == null || address.length() > ADDRESS_LENGTH_MAX
            ? null
            : Registrations.organization(address);
    if (address == null || organization == null) {
      deny(envelope);
      return;
    }
    if (registrations.has(address)) {
      refuseFrame("address_already_registered", address);
      return;
    }
    String version = envelope.headers().get("version");
    Reply refusal =
        Protocol.VERSION.equals(version)
            ? refusal(envelope.headers().get("authorization"))
            : bridges.reception().malformed("unsupported_version", Order.unsupported(version));
    if (refusal != null) {
      registrations.refuse(address, refusal);
      return;
    }
    inFlight++;
    registrations.add(envelope, address, organization).onComplete(done -> answered());
  }

  /** Why nothing is done for who shows this; null when it is looked at. */
  private @Nullable Reply refusal(@Nullable String authorization) {
    if (stopping) {
      return bridges.reception().stopping();
    }
    if (inFlight >= bridges.settings().requestsMax()) {
      bridges.count("requests.refused", "connection");
      return bridges.reception().tooMany("the connection has too many requests under way");
    }
    Reply refusal = seat.refusal(authorization);
    if (seat.isOwned()) {
      context.owner().cancelTimer(tokenTimer);
    }
    return refusal;
  }

  private void answer(String replyAddress, Reply reply) {
    note(message(replyAddress, Protocol.answer(reply)));
  }

  private void answered() {
    inFlight--;
    closeWhenAnswered();
  }

  /** A frame that brings a message. */
  String message(String address, String body) {
    return Frames.message(wire.messageType(), address, body);
  }

  /** Sends a frame; completes when it is on its way. */
  Future<Void> write(String json) {
    return closed ? Future.failedFuture("closed") : wire.write(json);
  }

  /** Sends something short, of which too much may not wait. */
  void note(String json) {
    if (notes >= NOTES_AT_ONCE_MAX) {
      cut("reads_nothing");
    } else if (notes >= NOTES_MAX && !doubting) {
      doubting = true;
      doubt(notesTaken);
    }
    notes++;
    write(json)
        .onComplete(written -> {
          notes--;
          notesTaken++;
        });
  }

  /** Looks whether he takes anything of what waits, until less does. */
  private void doubt(long before) {
    context
        .owner()
        .setTimer(
            TAKES_NOTHING_MILLIS_MAX,
            timer -> {
              doubting = notes >= NOTES_MAX && notesTaken > before;
              if (doubting) {
                doubt(notesTaken);
              } else if (notes >= NOTES_MAX) {
                cut("reads_nothing");
              }
            });
  }

  boolean isStopping() {
    return stopping;
  }

  /** The server stops: what is under way is answered, then the connection is closed. */
  void stop() {
    stopping = true;
    behind = !registrations.stopAll();
    closeWhenAnswered();
  }

  private void closeWhenAnswered() {
    if (stopping && inFlight == 0 && !closed) {
      if (behind) {
        ended();
        wire.cut();
      } else {
        close();
      }
    }
  }

  private void close() {
    if (!closed) {
      ended();
      wire.close();
    }
  }

  /** Ends it at once, for a client who takes nothing. */
  void cut(String reason) {
    if (!closed) {
      bridges.count("cut", reason);
      ended();
      wire.cut();
    }
  }

  /** The connection is gone. */
  void ended() {
    if (!closed) {
      closed = true;
      context.owner().cancelTimer(tokenTimer);
      seat.leave();
      registrations.leaveAll();
    }
  }
}
