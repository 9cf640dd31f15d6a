package dev.tocsin.config;

import dev.tocsin.config.DeclaredOrganization.Webhook;
import dev.tocsin.spelling.Nearest;
import dev.tocsin.webhook.AddressCheck;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.WebhookForm;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the webhooks of an organization's file, in the form that the API takes too. */
final class WebhookSection {
  /** What is made of an address that is none, so that reading goes on. */
  private static final URI NOWHERE = URI.create("http://invalid");

  private final SecretSources sources;
  private final AddressCheck addresses;
  private final List<Problem> warnings;
  private final Map<String, String> codes = new HashMap<>();

  /**
   * A reader of one file's.
   *
   * @param addresses which may be sent to
   * @param warnings where to note what is probably a mistake
   */
  WebhookSection(SecretSources sources, AddressCheck addresses, List<Problem> warnings) {
    this.sources = sources;
    this.addresses = addresses;
    this.warnings = warnings;
  }

  List<Webhook> read(List<YamlMap> webhooks) {
    return webhooks.stream().map(this::webhook).toList();
  }

  private Webhook webhook(YamlMap map) {
    String code = map.text("code", WebhookForm.CODE_LENGTH_MAX);
    OrganizationFiles.refuseSecond(map, "code", code, codes);
    String name = map.text("name", WebhookForm.NAME_LENGTH_MAX);
    String description = map.lines("description", WebhookForm.DESCRIPTION_LENGTH_MAX, name);
    URI url = url(map);
    boolean active = map.flag("active", true);
    YamlMap credentials = map.map("credentials");
    String credentialsName = credentials.optionalText("name", WebhookForm.NAME_LENGTH_MAX, "");
    Webhook declared =
        new Webhook(
            map.place("code"),
            code,
            name,
            description,
            url,
            active,
            credentialsName.isEmpty() ? null : credentialsName,
            credentials(map, credentials));
    credentials.refuseOthers();
    map.refuseOthers();
    return declared;
  }

  private URI url(YamlMap map) {
    String url = map.text("url", WebhookForm.URL_LENGTH_MAX);
    String fault = url.isBlank() ? null : WebhookForm.faultOfUrl(url);
    note(map, "url", fault);
    if (url.isBlank() || fault != null) {
      return NOWHERE;
    }
    URI address = URI.create(url);
    warnOfRefused(map, address.getHost());
    return address;
  }

  private void warnOfRefused(YamlMap map, String host) {
    if (!addresses.mayAllow(host)) {
      warnings.add(
          new Problem(
              map.place("url"),
              "webhooks.url: nothing will be sent to "
                  + host
                  + ", which is not public and in no network of delivery.allowedNetworks"));
    }
  }

  private Credentials credentials(YamlMap webhook, YamlMap credentials) {
    String type =
        credentials.optionalText("type", WebhookForm.NAME_LENGTH_MAX, WebhookForm.CREDENTIALS_TYPE);
    if (!type.equals(WebhookForm.CREDENTIALS_TYPE)) {
      credentials.problem(
          "type",
          "must be "
              + WebhookForm.CREDENTIALS_TYPE
              + Nearest.suggestion(type, List.of(WebhookForm.CREDENTIALS_TYPE)));
    }
    boolean isKeyThere = credentials.has("apiKey");
    boolean isSecretThere = credentials.has("secret");
    if (credentials.flag("empty", false)) {
      if (isKeyThere || isSecretThere) {
        credentials.problem(
            "empty",
            "there are apiKey or secret beside it, which would not be used: leave out either");
      }
      return new Credentials.Unsigned();
    }
    if (!isKeyThere && !isSecretThere) {
      webhook.problem(
          "credentials", "must have apiKey and secret, or empty: true to send unsigned");
      return new Credentials.Unsigned();
    }
    String apiKey =
        Reference.resolve(credentials, "apiKey", sources, WebhookForm.API_KEY_LENGTH_MAX);
    note(credentials, "apiKey", apiKey.isBlank() ? null : WebhookForm.faultOfApiKey(apiKey));
    String secret =
        Reference.resolve(credentials, "secret", sources, WebhookForm.SECRET_LENGTH_MAX);
    note(credentials, "secret", WebhookForm.faultOfSecret(secret));
    return secret.isEmpty()
        ? new Credentials.Unsigned()
        : new Credentials.Signed(apiKey, List.of(secret));
  }

  private static void note(YamlMap map, String key, @Nullable String fault) {
    if (fault != null) {
      map.problem(key, fault);
    }
  }
}
