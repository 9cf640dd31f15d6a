package dev.tocsin.demo;

import dev.tocsin.process.Receiver;
import io.vertx.core.json.JsonObject;
import java.io.IOException;

/** A receiver for a first look: prints each webhook, and whether its signature is right. */
final class Receive {
  private Receive() {}

  /** {@code Receive <port> <secret>}. */
  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[0]);
    Receiver receiver = Receiver.start(port, arguments[1], Receive::print);
    System.out.println("Waiting for webhooks at " + receiver.url("/hook") + " (Ctrl-C ends it)");
  }

  private static void print(Receiver.Request request) {
    System.out.println();
    System.out.println(
        request.isGenuine()
            ? "signature verified, webhook-id " + request.webhookId()
            : "NOT GENUINE: the signature does not fit the secret");
    System.out.println(new JsonObject(request.body()).encodePrettily());
  }
}
