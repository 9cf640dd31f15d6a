package dev.tocsin.config;

import dev.tocsin.spelling.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
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
  /** Such as anybody reads alike: YAML takes 010 for eight, and 1:30 for ninety. */
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[-+]?(0|[1-9]\\d{0,8})");

  /** YAML also has yes and on. */
  private static final Pattern FLAG = Pattern.compile("true|false");

  private static final Pattern LINE_BREAKS = Pattern.compile("[\\n\\t]");

  private final String file;
  private final String prefix;
  private final int line;
  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
  private final List<Problem> problems;
  private final Set<String> known = new LinkedHashSet<>();

  /** A text with the file and line it stands on. */
  record Text(String value, String place) {}

  /**
   * A mapping.
   *
   * @param prefix what messages write before its keys, to say whose they are
   */
  private YamlMap(
      String file, String prefix, int line, List<NodeTuple> tuples, List<Problem> problems) {
    this.file = file;
    this.prefix = prefix;
    this.line = line;
    this.problems = problems;
    for (NodeTuple tuple : tuples) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(new Problem(place(tuple.getKeyNode()), "a key must be a text"));
      } else if (entries.putIfAbsent(key.getValue(), tuple) != null) {
        problems.add(new Problem(place(key), prefix + key.getValue() + ": stands twice"));
      }
    }
  }

  private YamlMap(String file, String prefix, MappingNode node, List<Problem> problems) {
    this(file, prefix, line(node), node.getValue(), problems);
  }

  /** A mapping with nothing in it. */
  static YamlMap empty(String file, List<Problem> problems) {
    return new YamlMap(file, "", 1, List.of(), problems);
  }

  /** What a file consists of; nothing, with the problem noted, when that is no mapping. */
  static Optional<YamlMap> of(YamlText text, List<Problem> problems) {
    try {
      Optional<Node> root = text.parse();
      if (root.isEmpty()) {
        return Optional.of(empty(text.file(), problems));
      }
      if (root.get() instanceof MappingNode mapping) {
        return Optional.of(new YamlMap(text.file(), "", mapping, problems));
      }
      problems.add(new Problem(text.file() + ":1", "the file must be a mapping: key: value"));
    } catch (YamlText.Malformed e) {
      problems.add(e.problem());
    }
    return Optional.empty();
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private String place(Node node) {
    return file + ":" + line(node);
  }

  /** The file and line of a key, or of the mapping when it lacks the key. */
  String place(String key) {
    NodeTuple tuple = entries.get(key);
    return tuple == null ? file + ":" + line : place(tuple.getKeyNode());
  }

  /** What is to be said of a key, without noting it as a problem. */
  Problem flaw(String key, String message) {
    return new Problem(place(key), prefix + key + ": " + message);
  }

  void problem(String key, String message) {
    problem(place(key), key, message);
  }

  void problem(String place, String key, String message) {
    problems.add(new Problem(place, prefix + key + ": " + message));
  }

  /** The file it stands in. */
  String file() {
    return file;
  }

  /** The keys there are, asked for or not. */
  Set<String> keys() {
    return entries.keySet();
  }

  /** Whether a key stands there and is not null. */
  boolean has(String key) {
    return node(key) != null;
  }

  /** Whether a key is missing or has nothing behind it. */
  boolean isEmpty(String key) {
    return switch (node(key)) {
      case null -> true;
      case SequenceNode list -> list.getValue().isEmpty();
      case MappingNode map -> map.getValue().isEmpty();
      case Node other -> false;
    };
  }

  /** Whether a key is missing, or has nothing or an empty text behind it. */
  boolean lacks(String key) {
    return isEmpty(key) || (node(key) instanceof ScalarNode scalar && scalar.getValue().isEmpty());
  }

  /** The node behind a key, which is known from now on; null when the file says nothing. */
  private @Nullable Node node(String key) {
    known.add(key);
    NodeTuple tuple = entries.get(key);
    return tuple == null || tuple.getValueNode().getTag().equals(Tag.NULL)
        ? null
        : tuple.getValueNode();
  }

  /** A single value as it is written; null when there is none. */
  @Nullable String scalar(String key) {
    return switch (node(key)) {
      case null -> null;
      case ScalarNode scalar -> scalar.getValue();
      case Node other -> {
        problem(key, "a single value was expected");
        yield null;
      }
    };
  }

  /** A text that must be there. */
  String text(String key, int lengthMax) {
    if (node(key) instanceof ScalarNode scalar) {
      return checked(key, new Text(scalar.getValue(), place(key)), lengthMax);
    }
    problem(key, missing(key) + "a text was expected");
    return "";
  }

  /** What to say first of a key that has nothing behind it, or does not stand there at all. */
  private String missing(String key) {
    return has(key) ? "" : entries.containsKey(key) ? "has no value: " : "is missing: ";
  }

  /** A whole number that must be there; null, with the problem noted, when it is none. */
  @Nullable Integer wholeNumber(String key, String expected) {
    if (node(key) instanceof ScalarNode scalar
        && scalar.getTag().equals(Tag.INT)
        && WHOLE_NUMBER.matcher(scalar.getValue()).matches()) {
      return Integer.valueOf(scalar.getValue());
    }
    problem(key, missing(key) + expected + " was expected");
    return null;
  }

  /** A text that may have several lines; the preset when there is none. */
  String lines(String key, int lengthMax, String preset) {
    Block block = block(key);
    if (block == null) {
      return preset;
    }
    fault(LINE_BREAKS.matcher(block.value()).replaceAll(" "), lengthMax)
        .ifPresent(fault -> problem(key, fault));
    return block.value();
  }

  /** A text that may have several lines; null when there is none, or it is no text. */
  @Nullable Block block(String key) {
    if (lacks(key)) {
      return null;
    }
    if (node(key) instanceof ScalarNode scalar) {
      return new Block(file, line(key), scalar);
    }
    problem(key, "a text was expected");
    return null;
  }

  private int line(String key) {
    NodeTuple tuple = entries.get(key);
    return tuple == null ? line : line(tuple.getKeyNode());
  }

  /** A text of several lines. */
  static final class Block {
    private final String file;
    private final int line;
    private final ScalarNode node;

    private Block(String file, int line, ScalarNode node) {
      this.file = file;
      this.line = line;
      this.node = node;
    }

    String value() {
      return node.getValue();
    }

    /** Whether it can be kept: a NUL cannot, and half a surrogate pair has no UTF-8. */
    boolean isStorable() {
      return value().indexOf('\0') < 0 && !hasHalfPair(value());
    }

    /**
     * The file and line of a line of the text: where it stands as it is written, after a bar, else
     * that of the key.
     *
     * @param within from 1
     */
    String place(int within) {
      return file
          + ":"
          + (node.getScalarStyle() == DumperOptions.ScalarStyle.LITERAL
              ? line(node) + within
              : line);
    }
  }

  /** True or false; the preset when neither stands there. */
  boolean flag(String key, boolean preset) {
    if (isEmpty(key)) {
      return preset;
    }
    if (node(key) instanceof ScalarNode scalar
        && scalar.getTag().equals(Tag.BOOL)
        && FLAG.matcher(scalar.getValue()).matches()) {
      return scalar.getValue().equals("true");
    }
    problem(key, "true or false was expected");
    return preset;
  }

  String optionalText(String key, int lengthMax, String preset) {
    return isEmpty(key) ? preset : text(key, lengthMax);
  }

  private String checked(String key, Text text, int lengthMax) {
    fault(text.value(), lengthMax).ifPresent(fault -> problem(text.place(), key, fault));
    return text.value();
  }

  /** What is wrong with a text, wherever it comes from. */
  static Optional<String> fault(String text, int lengthMax) {
    if (text.isEmpty() || text.length() > lengthMax) {
      return Optional.of("1 to " + lengthMax + " characters were expected");
    }
    if (text.isBlank()) {
      return Optional.of("something other than blanks was expected");
    }
    if (hasHalfPair(text)) {
      return Optional.of("half a surrogate pair was not expected");
    }
    return text.chars().anyMatch(Character::isISOControl)
        ? Optional.of("control characters were not expected")
        : Optional.empty();
  }

  private static boolean hasHalfPair(String text) {
    return text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE);
  }

  /** A list of texts, each with its own place; empty when there is none. */
  List<Text> texts(String key, int lengthMax) {
    List<Text> texts = new ArrayList<>();
    for (Node node : nodes(key)) {
      if (node instanceof ScalarNode scalar) {
        Text text = new Text(scalar.getValue(), place(node));
        checked(key, text, lengthMax);
        texts.add(text);
      } else {
        problem(place(node), key, "texts were expected");
      }
    }
    return texts;
  }

  /** A mapping, empty when there is none. */
  YamlMap map(String key) {
    return switch (node(key)) {
      case null -> empty(key);
      case MappingNode mapping -> new YamlMap(file, prefix + key + ".", mapping, problems);
      case Node other -> {
        problem(key, "a mapping was expected");
        yield empty(key);
      }
    };
  }

  private YamlMap empty(String key) {
    NodeTuple tuple = entries.get(key);
    int place = tuple == null ? line : line(tuple.getKeyNode());
    return new YamlMap(file, prefix + key + ".", place, List.of(), problems);
  }

  /** A list of mappings; empty when there is none. */
  List<YamlMap> maps(String key) {
    List<YamlMap> maps = new ArrayList<>();
    for (Node node : nodes(key)) {
      if (node instanceof MappingNode mapping) {
        maps.add(new YamlMap(file, prefix + key + ".", mapping, problems));
      } else {
        problem(place(node), key, "mappings were expected");
      }
    }
    return maps;
  }

  private List<Node> nodes(String key) {
    return switch (node(key)) {
      case null -> List.of();
      case SequenceNode list -> list.getValue();
      case Node other -> {
        problem(key, "a list was expected");
        yield List.of();
      }
    };
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
