package dev.tocsin.command;

import dev.tocsin.config.Problem;
import dev.tocsin.config.SecretSources;
import dev.tocsin.spelling.Counted;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says what is wrong with files, without a server and without the secrets that they refer to. */
final class ConfigCheck {
  private final Map<String, String> environment;
  private final PrintStream out;

  ConfigCheck(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  /** Whether nothing is wrong; a line is printed for all that is. */
  boolean run(List<String> given) {
    Arguments arguments = Arguments.of(given, Set.of("--settings", "--secrets"), Set.of("--json"));
    OperatorFiles files =
        OperatorFiles.read(
            arguments.others(), arguments.values().get("--settings"), secrets(arguments));
    if (arguments.has("--json")) {
      out.println(
          new JsonObject()
              .put("good", files.problems().isEmpty())
              .put("organizations", files.files().organizations().size())
              .put("problems", json(files.problems()))
              .put("warnings", json(files.files().warnings()))
              .put("notes", json(files.notes()))
              .encodePrettily());
    } else {
      files.problems().forEach(out::println);
      print("warning", files.files().warnings());
      print("note", files.notes());
      out.println(
          files.problems().isEmpty()
              ? "good: " + Counted.of(files.files().organizations().size(), "organization")
              : Counted.of(files.problems().size(), "problem"));
    }
    return files.problems().isEmpty();
  }

  private SecretSources secrets(Arguments arguments) {
    String secrets = arguments.values().getOrDefault("--secrets", "skip");
    return switch (secrets) {
      case "skip" -> SecretSources.whereThere(environment);
      case "check" -> SecretSources.all(environment);
      default -> throw new Misuse("--secrets is skip or check, not " + secrets);
    };
  }

  private void print(String kind, List<Problem> problems) {
    problems.forEach(
        problem -> out.println(problem.place() + ": " + kind + ": " + problem.message()));
  }

  static JsonArray json(List<Problem> problems) {
    return new JsonArray(
        problems.stream()
            .map(problem ->
                new JsonObject()
                    .put("file", problem.file())
                    .put("line", problem.line())
                    .put("message", problem.message()))
            .toList());
  }
}
