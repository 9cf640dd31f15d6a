package dev.tocsin.config;

import java.io.StringReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * The text of one YAML file. It is parsed to nodes, never to objects: nothing in a file names a
 * class, no alias multiplies what is read, and every value still knows its line.
 */
record YamlText(String file, String text) {
  private static final int CHARACTERS_MAX = 3 << 20;
  private static final int DEPTH_MAX = 20;

  /** The file's only document, which may be empty. */
  Optional<Node> parse() throws Malformed {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(CHARACTERS_MAX);
    options.setNestingDepthLimit(DEPTH_MAX);
    options.setMaxAliasesForCollections(0);
    try {
      Yaml yaml = new Yaml(new SafeConstructor(options));
      return Optional.ofNullable(yaml.compose(new StringReader(text)));
    } catch (MarkedYAMLException e) {
      throw new Malformed(problem(e));
    } catch (YAMLException e) {
      throw new Malformed(
          new Problem(
              file,
              "more was read than a configuration needs: at most "
                  + CHARACTERS_MAX
                  + " characters, "
                  + DEPTH_MAX
                  + " levels, printable text, no aliases"));
    }
  }

  /** Without the lines that the parser would show, since a secret may stand on them. */
  private Problem problem(MarkedYAMLException e) {
    Mark mark = e.getProblemMark();
    String place = mark == null ? file : file + ":" + (mark.getLine() + 1);
    return new Problem(place, "this is not YAML, " + reason(e.getProblem()) + hint(mark));
  }

  /** The parser quotes the names of tags and aliases, and a password may look like one. */
  private static String reason(@Nullable String problem) {
    return problem == null
        ? "and the reason is not known"
        : problem.replaceFirst("(undefined (?:alias|tag handle)) .*", "$1");
  }

  private String hint(@Nullable Mark mark) {
    boolean isReference =
        mark != null && text.lines().skip(mark.getLine()).findFirst().orElse("").contains("${");
    return isReference ? "; inside braces a reference needs quotes: \"${NAME}\"" : "";
  }

  /** The text is not one YAML document, or a larger one than a configuration needs. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    Malformed(Problem problem) {
      super(problem.toString(), null, false, false);
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }
}
