package dev.tocsin.api;

import dev.tocsin.api.Webhook.CredentialsChange;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.WebhookForm;
import java.net.URI;
import java.util.List;

/** Reads and writes webhooks in m3ter's form. What is written never has an api key or a secret. */
final class WebhookJson {
  private WebhookJson() {}

  static Reading<WebhookDraft> read(JsonProperties properties, boolean isNew) {
    String name = properties.text("name", WebhookForm.NAME_LENGTH_MAX);
    String description = properties.text("description", WebhookForm.DESCRIPTION_LENGTH_MAX);
    String code = properties.optionalText("code", WebhookForm.CODE_LENGTH_MAX);
    String url = url(properties);
    boolean active = properties.flag("active", true);
    JsonProperties credentials = properties.object("credentials");
    String credentialsName = credentials.optionalText("name", WebhookForm.NAME_LENGTH_MAX);
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
    String url = properties.text("url", WebhookForm.URL_LENGTH_MAX);
    String flaw = url.isBlank() ? null : WebhookForm.faultOfUrl(url);
    if (flaw != null) {
      properties.flaw("url", flaw);
    }
    return url;
  }

  /** Reads credentials; those without api key and secret, as we show them, stay as they are. */
  private static CredentialsChange credentials(
      JsonProperties webhook, JsonProperties credentials, boolean isNew) {
    String type = credentials.text("type", WebhookForm.NAME_LENGTH_MAX);
    if (!type.isBlank() && !type.equals(WebhookForm.CREDENTIALS_TYPE)) {
      credentials.flaw("type", "must be " + WebhookForm.CREDENTIALS_TYPE);
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
    String apiKey = credentials.text("apiKey", WebhookForm.API_KEY_LENGTH_MAX);
    String flaw = apiKey.isBlank() ? null : WebhookForm.faultOfApiKey(apiKey);
    if (flaw != null) {
      credentials.flaw("apiKey", flaw);
    }
    String secret = credentials.text("secret", WebhookForm.SECRET_LENGTH_MAX);
    flaw = WebhookForm.faultOfSecret(secret);
    if (flaw != null) {
      credentials.flaw("secret", flaw);
    }
    // Without a secret a flaw is noted, and nothing will be made of what is answered.
    return secret.isEmpty()
        ? new CredentialsChange.Keep()
        : new CredentialsChange.Replace(new Credentials.Signed(apiKey, List.of(secret)));
  }

  static void append(JsonText out, Webhook webhook) {
    Webhook.Content content = webhook.content();
    out.open()
        .text("id", webhook.id().toString())
        .text("name", content.name())
        .text("description", content.description())
        .text("code", content.code())
        .text("url", content.url().toString())
        .flag("active", content.active())
        .flag("declaredInFile", webhook.inFile());
    AuditJson.append(out, webhook.audit())
        .open("credentials")
        .text("id", webhook.credentialsId().toString())
        .text("type", WebhookForm.CREDENTIALS_TYPE)
        .text("destination", "WEBHOOK")
        .text("destinationId", webhook.id().toString())
        .text("name", content.credentialsName())
        .flag("empty", webhook.credentialsEmpty());
    AuditJson.append(out, webhook.audit()).close().close();
  }
}
