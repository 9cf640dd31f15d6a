package dev.tocsin.api;

import dev.tocsin.api.Webhook.CredentialsChange;
import dev.tocsin.webhook.Credentials;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes webhooks in m3ter's form. What is written never has an api key or a secret. */
final class WebhookJson {
  static final int CODE_LENGTH_MAX = 80;
  static final int NAME_LENGTH_MAX = 200;
  static final int DESCRIPTION_LENGTH_MAX = 2_000;
  static final int API_KEY_LENGTH_MAX = 200;
  static final int SECRET_LENGTH_MAX = 500;

  private static final String CREDENTIALS_TYPE = "M3TER_SIGNED_REQUEST";
  private static final String STANDARD_WEBHOOKS_PREFIX = "whsec_";

  /** What a header's value may be: the api key is sent as one. */
  private static final Pattern HEADER_VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");

  private WebhookJson() {}

  static Reading<WebhookDraft> read(JsonProperties properties, boolean isNew) {
    String name = properties.text("name", NAME_LENGTH_MAX);
    String description = properties.text("description", DESCRIPTION_LENGTH_MAX);
    String code = properties.optionalText("code", CODE_LENGTH_MAX);
    String url = url(properties);
    boolean active = properties.flag("active", true);
    JsonProperties credentials = properties.object("credentials");
    String credentialsName = credentials.optionalText("name", NAME_LENGTH_MAX);
    CredentialsChange change =
        properties.has("credentials") || isNew
            ? credentials(properties, credentials, isNew)
            : new CredentialsChange.Keep();
    return properties.result(() ->
        new WebhookDraft(
            new Webhook.Content(code, name, description, URI.create(url), active, credentialsName),
            change));
  }

  private static String url(JsonProperties properties) {
    String url = properties.text("url", WebhookUrl.LENGTH_MAX);
    String flaw = url.isBlank() ? null : WebhookUrl.flawOf(url);
    if (flaw != null) {
      properties.flaw("url", flaw);
    }
    return url;
  }

  /** Reads credentials; those without api key and secret, as we show them, stay as they are. */
  private static CredentialsChange credentials(
      JsonProperties webhook, JsonProperties credentials, boolean isNew) {
    String type = credentials.text("type", NAME_LENGTH_MAX);
    if (!type.isBlank() && !type.equals(CREDENTIALS_TYPE)) {
      credentials.flaw("type", "must be " + CREDENTIALS_TYPE);
    }
    if (credentials.flag("empty", false)) {
      return new CredentialsChange.Replace(new Credentials.Unsigned());
    }
    if (!isNew && !credentials.has("apiKey") && !credentials.has("secret")) {
      return new CredentialsChange.Keep();
    }
    if (credentials.lacks("apiKey") && credentials.lacks("secret")) {
      webhook.flaw(
          "credentials", "must have apiKey and secret, or \"empty\": true to send unsigned");
      return new CredentialsChange.Keep();
    }
    String apiKey = credentials.text("apiKey", API_KEY_LENGTH_MAX);
    if (!apiKey.isBlank() && !HEADER_VALUE.matcher(apiKey).matches()) {
      credentials.flaw("apiKey", "must be printable ASCII, since it is sent as a header");
    }
    String secret = credentials.text("secret", SECRET_LENGTH_MAX);
    String flaw = flawOfSecret(secret);
    if (flaw != null) {
      credentials.flaw("secret", flaw);
    }
    // Without a secret a flaw is noted, and nothing will be made of what is answered.
    return secret.isEmpty()
        ? new CredentialsChange.Keep()
        : new CredentialsChange.Replace(new Credentials.Signed(apiKey, List.of(secret)));
  }

  private static @Nullable String flawOfSecret(String secret) {
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

  static void append(JsonText out, Webhook webhook) {
    Webhook.Content content = webhook.content();
    out.open()
        .text("id", webhook.id().toString())
        .text("name", content.name())
        .text("description", content.description())
        .text("code", content.code())
        .text("url", content.url().toString())
        .flag("active", content.active());
    AuditJson.append(out, webhook.audit())
        .open("credentials")
        .text("id", webhook.credentialsId().toString())
        .text("type", CREDENTIALS_TYPE)
        .text("destination", "WEBHOOK")
        .text("destinationId", webhook.id().toString())
        .text("name", content.credentialsName())
        .flag("empty", webhook.credentialsEmpty());
    AuditJson.append(out, webhook.audit()).close().close();
  }
}
