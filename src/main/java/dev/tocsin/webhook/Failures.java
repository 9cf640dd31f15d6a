package dev.tocsin.webhook;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Says why no answer came, in words that tell a customer what to mend and an attacker nothing about
 * the network behind the server: no address, no port, no name, nothing of the exception's own text.
 */
final class Failures {
  private Failures() {}

  static Answer answer(Throwable failure) {
    // The innermost cause that is known says most: a TLS failure comes wrapped in decoding errors.
    Answer answer = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Answer known = known(cause);
      answer = known == null ? answer : known;
    }
    return answer == null ? new Answer.Unreachable("the request failed") : answer;
  }

  private static @Nullable Answer known(Throwable cause) {
    return switch (cause) {
      case CheckedAddresses.NotAllowed e ->
          new Answer.Unreachable(
              "the webhook's address is not allowed: see delivery.allowedNetworks");
      case ConnectTimeoutException e -> new Answer.TimedOut();
      case TimeoutException e -> new Answer.TimedOut();
      case UnknownHostException e -> new Answer.Unreachable("the name cannot be resolved");
      case NoRouteToHostException e -> new Answer.Unreachable("there is no route to the host");
      case ConnectException e -> new Answer.Unreachable("the connection was refused");
      case SSLException e -> new Answer.Unreachable("TLS failed");
      case PrematureChannelClosureException e -> closed();
      case DecoderException e -> new Answer.Unreachable("the answer is not HTTP");
      case IllegalArgumentException e -> new Answer.Unreachable("the answer is not HTTP");
      case HttpClosedException e -> closed();
      case ConnectionPoolTooBusyException e -> new Answer.Unreachable("too many requests wait");
      case IOException e -> closed();
      default -> null;
    };
  }

  private static Answer closed() {
    return new Answer.Unreachable("the connection was closed before an answer");
  }
}
