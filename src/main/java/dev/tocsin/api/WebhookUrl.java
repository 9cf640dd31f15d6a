package dev.tocsin.api;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Checks the form of a webhook's address. Whether its host may be called is decided when it is
 * called, by what its name resolves to then.
 */
final class WebhookUrl {
  static final int LENGTH_MAX = 2_000;

  private static final int PORT_MAX = 65_535;

  private WebhookUrl() {}

  /** What is wrong with an address, or null. */
  static @Nullable String flawOf(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      return "must be a URL: " + e.getReason();
    }
    if (!"http".equalsIgnoreCase(url.getScheme()) && !"https".equalsIgnoreCase(url.getScheme())) {
      return "must be an absolute URL with http or https";
    }
    if (url.getHost() == null) {
      return "must name a host";
    }
    if (url.getRawUserInfo() != null) {
      return "must not carry a user or password";
    }
    if (url.getPort() == 0 || url.getPort() > PORT_MAX) {
      return "must have a port from 1 to " + PORT_MAX;
    }
    if (!text.equals(url.toASCIIString())) {
      return "must be ASCII, with everything else percent-encoded";
    }
    return null;
  }
}
