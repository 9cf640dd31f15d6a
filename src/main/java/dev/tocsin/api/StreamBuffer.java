package dev.tocsin.api;

import org.jspecify.annotations.Nullable;

/**
 * How much waits for a client to take it. There is room for one event in any case: one that is
 * larger than the whole buffer waits alone.
 *
 * <p>Thread-safe.
 */
public final class StreamBuffer {
  private final long bytesMax;
  private long waiting;

  /** How large that was for which there was no room last; 0 once something has been taken in. */
  private long refused;

  private boolean progressed;
  private @Nullable Runnable whenRoom;

  /** An empty one. */
  public StreamBuffer(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Takes in what there is room for; answers whether there is. */
  public synchronized boolean take(int bytes) {
    if (!fits(bytes)) {
      refused = bytes;
      return false;
    }
    refused = 0;
    waiting += bytes;
    return true;
  }

  /** Takes in what has to be sent in any case. */
  public synchronized void add(int bytes) {
    waiting += bytes;
  }

  private boolean fits(long bytes) {
    return waiting == 0 || waiting + bytes <= bytesMax;
  }

  /** The client has taken so much. */
  public void taken(int bytes) {
    Runnable work = null;
    synchronized (this) {
      waiting -= bytes;
      progressed = true;
      if (hasRoom()) {
        work = whenRoom;
        whenRoom = null;
      }
    }
    if (work != null) {
      work.run();
    }
  }

  /** Runs something once as soon as there is room again; at once if there is. */
  public void whenRoom(Runnable work) {
    synchronized (this) {
      if (!hasRoom()) {
        whenRoom = work;
        return;
      }
    }
    work.run();
  }

  /**
   * Half of it, so that there is something to be read for; and as much as had no room, or it would
   * be read again for nothing, over and over.
   */
  private boolean hasRoom() {
    return fits(refused) && waiting <= bytesMax / 2;
  }

  /** Whether nothing waits. */
  public synchronized boolean isIdle() {
    return waiting == 0;
  }

  /** Whether something waits, and nothing was taken since this was asked last. */
  public synchronized boolean isStalled() {
    boolean stalled = waiting > 0 && !progressed;
    progressed = false;
    return stalled;
  }
}
