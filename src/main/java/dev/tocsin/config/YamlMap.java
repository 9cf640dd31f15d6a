package dev.tocsin.config;

import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A mapping of a YAML file that still knows its lines. Every problem is noted with its line and a
 * harmless value answered, so that reading goes on and finds the next.
 */
final class YamlMap {
  private final String file;
  private final int line;
  private final Map<String, Node> entries;
  private final List<Problem> problems;
  private final Set<String> known = new LinkedHashSet<>();

  private YamlMap(String file, MappingNode node, List<Problem> problems) {
    this.file = file;
    this.line = line(node);
    this.problems = problems;
    this.entries = new LinkedHashMap<>();
    for (NodeTuple entry : node.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        problems.add(new Problem(file + ":" + line(entry.getKeyNode()), "a key must be a text"));
      } else if (entries.put(key.getValue(), entry.getValueNode()) != null) {
        problems.add(new Problem(file + ":" + line(key), key.getValue() + " stands twice"));
      }
    }
  }

  /** The mapping that a file consists of; null, with a problem noted, when it is none. */
  static @Nullable YamlMap compose(Yaml yaml, Reader text, String file, List<Problem> problems) {
    Node root = yaml.compose(text);
    if (root instanceof MappingNode mapping) {
      return new YamlMap(file, mapping, problems);
    }
    problems.add(new Problem(file + ":1", "the file must be a mapping with organization in it"));
    return null;
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  /** The file and line of a key, or of the mapping when it lacks the key. */
  String place(String key) {
    Node node = entries.get(key);
    return file + ":" + (node == null ? line : line(node));
  }

  void problem(String key, String message) {
    problems.add(new Problem(place(key), key + ": " + message));
  }

  boolean isEmpty(String key) {
    known.add(key);
    return switch (entries.get(key)) {
      case null -> true;
      case SequenceNode list -> list.getValue().isEmpty();
      case MappingNode map -> map.getValue().isEmpty();
      case Node other -> other.getTag().equals(Tag.NULL);
    };
  }

  String text(String key, int lengthMax) {
    known.add(key);
    if (entries.get(key) instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
      return checked(key, scalar.getValue(), lengthMax);
    }
    problem(key, "a text was expected");
    return "";
  }

  String optionalText(String key, int lengthMax, String preset) {
    return isEmpty(key) ? preset : text(key, lengthMax);
  }

  private String checked(String key, String text, int lengthMax) {
    if (text.isEmpty() || text.length() > lengthMax) {
      problem(key, "1 to " + lengthMax + " characters were expected");
    } else if (text.chars().anyMatch(Character::isISOControl)) {
      problem(key, "control characters were not expected");
    }
    return text;
  }

  List<String> texts(String key, int lengthMax) {
    List<String> texts = new ArrayList<>();
    for (Node node : nodes(key)) {
      if (node instanceof ScalarNode scalar) {
        texts.add(checked(key, scalar.getValue(), lengthMax));
      } else {
        problems.add(new Problem(file + ":" + line(node), key + ": texts were expected"));
      }
    }
    return texts;
  }

  @Nullable YamlMap map(String key) {
    known.add(key);
    if (entries.get(key) instanceof MappingNode mapping) {
      return new YamlMap(file, mapping, problems);
    }
    problem(key, "a mapping was expected");
    return null;
  }

  List<YamlMap> maps(String key) {
    List<YamlMap> maps = new ArrayList<>();
    for (Node node : nodes(key)) {
      if (node instanceof MappingNode mapping) {
        maps.add(new YamlMap(file, mapping, problems));
      } else {
        problems.add(new Problem(file + ":" + line(node), key + ": mappings were expected"));
      }
    }
    return maps;
  }

  private List<Node> nodes(String key) {
    if (isEmpty(key)) {
      return List.of();
    }
    if (entries.get(key) instanceof SequenceNode list) {
      return list.getValue();
    }
    problem(key, "a list was expected");
    return List.of();
  }

  /** Notes every key that nobody asked for. */
  void refuseOthers() {
    for (String key : entries.keySet()) {
      if (!known.contains(key)) {
        problem(key, "there is no such key" + Nearest.suggestion(key, known));
      }
    }
  }
}
