package dev.tocsin.bridge;

import dev.tocsin.api.Reception.Reply;
import dev.tocsin.api.StreamBuffer;
import dev.tocsin.api.View;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.stream.End;
import dev.tocsin.stream.Sight;
import dev.tocsin.stream.Streams;
import dev.tocsin.stream.Subscriber;
import io.vertx.core.Context;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * One subscription: events become messages, numbered from 1 on, and the client is sent no more than
 * its buffer holds. What has no room comes again when there is.
 *
 * <p>Thread-safe; it sends on its own context.
 */
final class Feed implements Subscriber {
  /** The client of a feed. */
  interface Outlet {
    /** Sends a message; completes once the client has taken it, and fails when it will not. */
    Future<?> send(String message);

    /** Whether a message that the client does not take fails by itself, after a while. */
    boolean timesOut();

    /** Sends the last message. */
    void end(String message, Reply why);

    /** The client takes nothing of what waits for it. */
    void stalled();

    /** The feed has ended, whoever ended it. */
    void ended();
  }

  private final Context context;
  private final View view;
  private final EventTexts texts;
  private final BridgeSettings settings;
  private final Outlet outlet;
  private final int costMin;
  private final StreamBuffer buffer;
  private @Nullable Runnable leave;
  private boolean ended;
  private long sequence;
  private long timer;

  /**
   * A feed that has not begun.
   *
   * @param costMin what a message takes of the buffer at least, which bounds how many wait
   */
  Feed(
      Context context,
      View view,
      EventTexts texts,
      BridgeSettings settings,
      Outlet outlet,
      int costMin) {
    this.context = context;
    this.view = view;
    this.texts = texts;
    this.settings = settings;
    this.outlet = outlet;
    this.costMin = costMin;
    this.buffer = new StreamBuffer(settings.bufferBytesMax());
  }

  /** Begins to send; called on the context. */
  void begin(Streams.Beginning beginning) {
    timer = context.owner().setPeriodic(settings.keepAliveEvery().toMillis(), this::look);
    leave = beginning.follow(this);
  }

  /** Ends since the server stops; called on the context. */
  void stop() {
    if (!ended) {
      say(view.end(End.STOPPING));
      leave();
    }
  }

  /** Whether the client has taken all there is. */
  boolean isIdle() {
    return buffer.isIdle();
  }

  /** Tells the client why it is shown nothing more. */
  void say(Reply why) {
    outlet.end(Protocol.end(sequence, why), why);
  }

  /** Ends without a word: the client left, or is gone. Called on the context. */
  void leave() {
    if (!ended) {
      ended = true;
      context.owner().cancelTimer(timer);
      if (leave != null) {
        leave.run();
      }
      outlet.ended();
    }
  }

  private void look(long same) {
    if (buffer.isStalled() && !outlet.timesOut()) {
      outlet.stalled();
      leave();
    } else if (buffer.isIdle()) {
      String message = Protocol.alive(sequence);
      buffer.add(cost(message));
      send(message, cost(message));
    }
  }

  @Override
  public Sight sight() {
    return view.sight();
  }

  @Override
  public boolean wants(StoredEvent event) {
    return view.wants(event);
  }

  @Override
  public boolean take(StoredEvent event) {
    String text = texts.of(event);
    int cost = cost(text);
    if (!buffer.take(cost)) {
      return false;
    }
    context.runOnContext(nothing -> sendEvent(text, cost));
    return true;
  }

  private int cost(String text) {
    return Math.max(text.length(), costMin);
  }

  private void sendEvent(String text, int cost) {
    if (ended) {
      buffer.taken(cost);
    } else {
      sequence++;
      send(Protocol.event(sequence, text), cost);
    }
  }

  private void send(String message, int cost) {
    outlet
        .send(message)
        .onComplete(
            taken -> buffer.taken(cost),
            failure -> {
              buffer.taken(cost);
              context.runOnContext(nothing -> lost());
            });
  }

  private void lost() {
    if (!ended) {
      outlet.stalled();
      leave();
    }
  }

  @Override
  public void whenRoom(Runnable work) {
    buffer.whenRoom(work);
  }

  @Override
  public void end(End why) {
    context.runOnContext(nothing -> {
      if (!ended) {
        ended = true;
        context.owner().cancelTimer(timer);
        say(view.end(why));
        outlet.ended();
      }
    });
  }
}
