package dev.tocsin.app;

import dev.tocsin.config.DeclaredOrganization;
import java.util.List;

/** What the server says when it is ready: where it is, and who may call it. No secret is shown. */
final class Greeting {
  private Greeting() {}

  static String of(String host, int port, List<DeclaredOrganization> organizations) {
    ListenAddress address = new ListenAddress(host, port);
    StringBuilder text = new StringBuilder("\nTocsin is ready.\n");
    line(text, "address", "http://" + address);
    for (DeclaredOrganization organization : organizations) {
      line(text, "organization", organization.id() + "  " + organization.name());
      organization
          .serviceUsers()
          .forEach(user -> line(text, "  access key", user.accessKey() + "  " + user.name()));
    }
    return text.append('\n').toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("  ").append(String.format("%-14s", name)).append(value).append('\n');
  }
}
