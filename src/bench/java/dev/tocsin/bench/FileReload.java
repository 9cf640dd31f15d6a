package dev.tocsin.bench;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ServerProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** How long a changed file takes until every node judges by what it says. */
final class FileReload {
  private final Path organizations;
  private final List<ServerProcess> nodes;
  private int version;

  /**
   * A reload.
   *
   * @param conf the directory of the nodes' configuration
   */
  FileReload(Path conf, List<ServerProcess> nodes) {
    this.organizations = conf.resolve("organizations");
    this.nodes = nodes;
  }

  /** Changes the file once; from its renaming to the last node's event, in milliseconds. */
  double run() throws IOException, InterruptedException {
    version++;
    String name = Bed.EVERY_EVENT_FIRES.accessKey() + ".yaml";
    Path aside = Files.writeString(organizations.resolve("." + name), file("version_" + version));
    Files.move(aside, organizations.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    long began = System.nanoTime();
    for (ServerProcess node : nodes) {
      try (ApiClient api = new ApiClient(node.address(), Bed.EVERY_EVENT_FIRES)) {
        while (!fires(api, "version_" + version)) {
          Thread.onSpinWait();
        }
      }
    }
    return (System.nanoTime() - began) / 1e6;
  }

  private static String file(String code) {
    return Bed.file(Bed.EVERY_EVENT_FIRES)
        + """
        notifications:
          - { code: %s, name: Version, eventName: %s, alwaysFireEvent: true }
        """
            .formatted(code, Payloads.EVENT_NAME);
  }

  private static boolean fires(ApiClient api, String code)
      throws IOException, InterruptedException {
    JsonObject event =
        new JsonObject()
            .put("eventName", Payloads.EVENT_NAME)
            .put("new", new JsonObject().put("id", "reload"));
    return api.events(event).accepted().getFirst().notifications().stream()
        .anyMatch(fired -> fired.code().equals(code));
  }
}
