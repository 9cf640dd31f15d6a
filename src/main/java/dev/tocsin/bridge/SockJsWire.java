package dev.tocsin.bridge;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.JsonValues;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames as SockJS has them over a WebSocket (sockjs-protocol 0.3.3): {@code o} opens, {@code
 * a["…"]} brings texts, and the client sends arrays of texts.
 */
final class SockJsWire extends WebSocketWire {
  SockJsWire(ServerWebSocket socket) {
    super(socket);
  }

  @Override
  void open() {
    super.write("o");
  }

  @Override
  public Future<Void> write(String json) {
    StringBuilder out = new StringBuilder(json.length() + 64).append("a[");
    return super.write(EventJson.appendText(out, json).append(']').toString());
  }

  /** Of what is no such array the whole is one frame, which then is found to be none. */
  @Override
  List<String> frames(String message) {
    List<String> frames = new ArrayList<>();
    try (JsonParser parser = JsonValues.factory().createParser(message)) {
      if (parser.nextToken() == JsonToken.START_ARRAY) {
        while (parser.nextToken() == JsonToken.VALUE_STRING) {
          frames.add(parser.getText());
        }
        if (parser.currentToken() == JsonToken.END_ARRAY && parser.nextToken() == null) {
          return frames;
        }
      }
    } catch (IOException e) {
      // It is no JSON.
    }
    return List.of(message);
  }
}
