package dev.tocsin.webhook;

import io.vertx.core.Handler;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.impl.ClientPhase;
import io.vertx.ext.web.client.impl.HttpContext;
import java.util.concurrent.CancellationException;

/**
 * Shows every {@link Exchange} its request when it is about to be sent, and its answer's head when
 * it is there.
 *
 * <p>The web client's own types show an answer when it is whole, and have no way to end a request
 * before. The two are needed to let the status decide as soon as it is there, and to close the
 * connection of what is cut off. An interceptor sees both; {@link WebClient#addInterceptor} calls
 * itself internal, so what it takes may change with Vert.x, and is named in this class only.
 */
final class Interception implements Handler<HttpContext<?>> {
  @Override
  public void handle(HttpContext<?> context) {
    if (context.request().bodyCodec() instanceof Exchange exchange) {
      ClientPhase phase = context.phase();
      if (phase == ClientPhase.SEND_REQUEST && !exchange.connected(context.clientRequest())) {
        // Gives the connection back; this is called once more, with the failure. Without a handler
        // the client would log that as an error.
        context.clientRequest().exceptionHandler(reset -> {});
        context.fail(new CancellationException("the request comes too late"));
        return;
      }
      if (phase == ClientPhase.RECEIVE_RESPONSE) {
        exchange.answered(context.clientResponse());
      }
    }
    context.next();
  }
}
