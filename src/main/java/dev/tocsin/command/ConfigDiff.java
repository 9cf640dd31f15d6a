package dev.tocsin.command;

import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.DeclaredOrganization.Webhook;
import dev.tocsin.config.SecretSources;
import dev.tocsin.spelling.Counted;
import dev.tocsin.webhook.Credentials;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says what applying files would change on a running server, which it asks over its API. */
final class ConfigDiff {
  private static final String SERVER = "http://127.0.0.1:8480";

  private final Map<String, String> environment;
  private final PrintStream out;

  ConfigDiff(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  /** Whether there is no difference; all that there are, are printed. */
  boolean run(List<String> given) {
    Arguments arguments =
        Arguments.of(
            given, Set.of("--settings", "--server", "--key", "--secret"), Set.of("--json"));
    OperatorFiles files =
        OperatorFiles.read(
            arguments.others(),
            arguments.values().get("--settings"),
            SecretSources.whereThere(environment));
    if (!files.problems().isEmpty()) {
      throw new Misuse(
          "the files have problems, which config check lists: " + files.problems().getFirst());
    }
    Map<DeclaredOrganization, List<Difference>> all = compare(files, arguments);
    if (arguments.has("--json")) {
      JsonArray told = new JsonArray();
      all.forEach((organization, differences) -> told.add(json(organization, differences)));
      out.println(told.encodePrettily());
    } else {
      all.forEach(this::print);
      files.notes().forEach(note -> out.println(note.place() + ": note: " + note.message()));
    }
    return all.values().stream().allMatch(List::isEmpty);
  }

  /** All of them, before anything is said: "no difference" would mislead where one fails. */
  private Map<DeclaredOrganization, List<Difference>> compare(
      OperatorFiles files, Arguments arguments) {
    Map<DeclaredOrganization, List<Difference>> all = new LinkedHashMap<>();
    try (ServerApi api = api(arguments)) {
      for (DeclaredOrganization organization : files.files().organizations()) {
        all.put(organization, compare(organization, api));
      }
    }
    return all;
  }

  private static List<Difference> compare(DeclaredOrganization organization, ServerApi api) {
    try {
      return Difference.between(Forms.of(organization, api), Forms.of(organization));
    } catch (Misuse e) {
      throw new Misuse(
          organization.place()
              + ": "
              + e.getMessage()
              + ", so nothing was compared; a key sees one organization, give its files alone");
    }
  }

  private ServerApi api(Arguments arguments) {
    String server = arguments.values().getOrDefault("--server", SERVER);
    URI address;
    try {
      address = URI.create(server.replaceFirst("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw new Misuse("--server is no URL: " + server);
    }
    if (!"http".equals(address.getScheme()) && !"https".equals(address.getScheme())) {
      throw new Misuse("--server must begin with http:// or https://: " + server);
    }
    return new ServerApi(
        address,
        given(arguments, "--key", "TOCSIN_ACCESS_KEY"),
        given(arguments, "--secret", "TOCSIN_ACCESS_SECRET"));
  }

  private String given(Arguments arguments, String option, String variable) {
    String value = arguments.values().getOrDefault(option, environment.getOrDefault(variable, ""));
    if (value.isEmpty()) {
      throw new Misuse("give " + option + " or set " + variable);
    }
    return value;
  }

  private void print(DeclaredOrganization organization, List<Difference> differences) {
    out.println("organization " + organization.id() + " " + organization.name());
    differences.forEach(out::println);
    unknown(organization).forEach(one -> out.println("? " + one));
    out.println(
        differences.isEmpty() ? "no difference" : Counted.of(differences.size(), "difference"));
  }

  private static JsonObject json(DeclaredOrganization organization, List<Difference> differences) {
    return new JsonObject()
        .put("organization", organization.id().toString())
        .put("name", organization.name())
        .put("differences", new JsonArray(differences.stream().map(Difference::json).toList()))
        .put("unknown", new JsonArray(unknown(organization)));
  }

  /** What no server tells. */
  private static List<String> unknown(DeclaredOrganization organization) {
    List<String> all = new ArrayList<>();
    all.add("organization: name, time zone, retention and catalog may differ, the API shows none");
    organization
        .serviceUsers()
        .forEach(
            user -> all.add("serviceUsers " + user.name() + ": accessKey and secret may differ"));
    for (Webhook webhook : organization.rules().webhooks()) {
      if (webhook.credentials() instanceof Credentials.Signed) {
        all.add("webhooks " + webhook.code() + ": apiKey and secret may differ");
      }
    }
    return all;
  }
}
