package dev.tocsin.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a webhook may be, whoever makes one. */
public final class WebhookForm {
  public static final int CODE_LENGTH_MAX = 80;
  public static final int NAME_LENGTH_MAX = 200;
  public static final int DESCRIPTION_LENGTH_MAX = 2_000;
  public static final int URL_LENGTH_MAX = 2_000;
  public static final int API_KEY_LENGTH_MAX = 200;
  public static final int SECRET_LENGTH_MAX = 500;

  /** The only type of credentials there is. */
  public static final String CREDENTIALS_TYPE = "M3TER_SIGNED_REQUEST";

  private static final String STANDARD_WEBHOOKS_PREFIX = "whsec_";

  /** What a header's value may be: the api key is sent as one. */
  private static final Pattern HEADER_VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");

  private static final int PORT_MAX = 65_535;

  private WebhookForm() {}

  /**
   * What is wrong with the form of an address; null when nothing is. Whether its host may be called
   * is decided when it is called, by what its name resolves to then.
   */
  public static @Nullable String faultOfUrl(String text) {
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

  /** What is wrong with an api key; null when nothing is. */
  public static @Nullable String faultOfApiKey(String apiKey) {
    return HEADER_VALUE.matcher(apiKey).matches()
        ? null
        : "must be printable ASCII, since it is sent as a header";
  }

  /** What is wrong with a secret, which is not shown; null when nothing is. */
  public static @Nullable String faultOfSecret(String secret) {
    if (!secret.startsWith(STANDARD_WEBHOOKS_PREFIX)) {
      return null;
    }
    try {
      String key = secret.substring(STANDARD_WEBHOOKS_PREFIX.length());
      if (Base64.getDecoder().decode(key).length > 0) {
        return null;
      }
    } catch (IllegalArgumentException e) {
      // Falls through: not to be decoded and nothing to decode are the same mistake.
    }
    return "must have base64 after " + STANDARD_WEBHOOKS_PREFIX;
  }
}
