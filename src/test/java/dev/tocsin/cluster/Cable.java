package dev.tocsin.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The way to a port of this machine, which can be cut and mended: others know the port by it. */
public final class Cable implements AutoCloseable {
  private final int behind;
  private final ServerSocket listening;
  private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean cut;
  private volatile boolean hangs;
  private volatile CountDownLatch passing = new CountDownLatch(0);

  public Cable(int behind) throws IOException {
    this(InetAddress.getLoopbackAddress(), behind);
  }

  /** One that begins at another address of this machine. */
  public Cable(InetAddress at, int behind) throws IOException {
    this.behind = behind;
    this.listening = new ServerSocket(0, 50, at);
    threads.execute(this::accept);
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** Ends what passes, and lets nothing pass. */
  public void cut() {
    cut = true;
    ends.forEach(Cable::close);
  }

  /** Lets nothing pass, and says so to nobody: connections are accepted and stay silent. */
  public void hang() {
    hangs = true;
  }

  /**
   * Holds back what passes, and tells nobody: no connection ends by it, and none that one side ends
   * ends for the other.
   */
  public void silence() {
    passing = new CountDownLatch(1);
  }

  /** Lets pass what was held back, and all that comes after it. */
  public void resume() {
    passing.countDown();
  }

  public void mend() {
    cut = false;
    hangs = false;
    ends.forEach(Cable::close);
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        connect(listening.accept());
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void connect(Socket one) {
    ends.add(one);
    if (hangs) {
      return;
    }
    try {
      if (cut) {
        throw new IOException("cut");
      }
      Socket other = new Socket(InetAddress.getLoopbackAddress(), behind);
      ends.add(other);
      threads.execute(() -> forward(one, other));
      threads.execute(() -> forward(other, one));
    } catch (IOException e) {
      close(one); // Nobody listens behind it.
    }
  }

  private void forward(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = readAndWait(in, buffer); n >= 0 && !cut; n = readAndWait(in, buffer)) {
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // One of both is closed, and the other is closed for it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The cable is taken away.
    } finally {
      ends.remove(from);
      ends.remove(to);
    }
  }

  /** An end is held back like anything else. */
  private int readAndWait(InputStream in, byte[] buffer) throws IOException, InterruptedException {
    int n = in.read(buffer);
    passing.await();
    return n;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // As good as closed.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
    threads.shutdownNow();
  }
}
