package dev.tocsin.bridge;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of the bridge over TCP that sends what it is told, also what no client should. */
public final class TcpClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int FRAME_BYTES_MAX = 16 << 20;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  /** Connects to this machine. */
  public TcpClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Speaks over a connection that somebody made. */
  public TcpClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** Sends a frame. */
  public void send(String frame) throws IOException {
    sendAll(frame);
  }

  /** Sends frames at once, so that the server has them all before it answers the first. */
  public void sendAll(String... frames) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var framed = new DataOutputStream(bytes);
    for (String frame : frames) {
      byte[] text = frame.getBytes(StandardCharsets.UTF_8);
      framed.writeInt(text.length);
      framed.write(text);
    }
    sendRaw(bytes.toByteArray());
  }

  /** Sends bytes as they are. */
  public void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Registers at an address. */
  public void register(String address, Map<String, String> headers) throws IOException {
    JsonObject frame = new JsonObject().put("type", "register").put("address", address);
    headers.forEach((name, value) -> headersOf(frame).put(name, value));
    send(frame.encode());
  }

  private static JsonObject headersOf(JsonObject frame) {
    if (!frame.containsKey("headers")) {
      frame.put("headers", new JsonObject());
    }
    return frame.getJsonObject("headers");
  }

  /** Asks an address, and waits for the answer's frame. */
  public JsonObject request(String address, Map<String, String> headers, @Nullable Object body)
      throws IOException {
    JsonObject frame =
        new JsonObject()
            .put("type", "send")
            .put("address", address)
            .put("replyAddress", "reply")
            .put("body", body);
    headers.forEach((name, value) -> headersOf(frame).put(name, value));
    send(frame.encode());
    return next();
  }

  /** The next frame. */
  public JsonObject next() throws IOException {
    return new JsonObject(nextText());
  }

  /** The next frame as it came. */
  public String nextText() throws IOException {
    int length = in.readInt();
    if (length < 1 || length > FRAME_BYTES_MAX) {
      throw new IOException("a frame of " + length + " bytes");
    }
    byte[] text = new byte[length];
    in.readFully(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** The ids of the next events, of which keep-alives are none. */
  public List<String> nextIds(int count) throws IOException {
    List<String> ids = new ArrayList<>();
    while (ids.size() < count) {
      JsonObject body = next().getJsonObject("body");
      if (body.getString("type").equals("event")) {
        ids.add(body.getJsonObject("event").getString("id"));
      }
    }
    return ids;
  }

  /** What comes until the server closes the connection. */
  public List<JsonObject> rest() throws IOException {
    List<JsonObject> rest = new ArrayList<>();
    try {
      while (true) {
        rest.add(next());
      }
    } catch (EOFException closed) {
      return rest;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
