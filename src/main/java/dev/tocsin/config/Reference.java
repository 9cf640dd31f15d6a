package dev.tocsin.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Secrets by reference: {@code ${NAME}} or {@code ${NAME:default}} names a variable, {@code
 * ${file:path}} a file.
 */
final class Reference {
  private static final int SECRET_LENGTH_MAX = 500;

  /** More than any secret has, so that nobody reads a disk by mistake. */
  private static final int FILE_BYTES_MAX = 16 << 10;

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(?::([^}]*))?}");
  private static final Pattern FILE = Pattern.compile("\\$\\{file:([^}]+)}");

  private Reference() {}

  /**
   * The text of a key, with the reference it may consist of resolved. A variable that is empty is
   * one not set.
   */
  static String resolve(YamlMap map, String key, SecretSources sources) {
    return resolve(map, key, sources, SECRET_LENGTH_MAX);
  }

  /** Likewise, with another bound for what it consists of. */
  static String resolve(YamlMap map, String key, SecretSources sources, int lengthMax) {
    String text = map.text(key, SECRET_LENGTH_MAX);
    Matcher variable = VARIABLE.matcher(text);
    if (variable.matches()) {
      return variable(map, key, variable, sources, lengthMax);
    }
    Matcher file = FILE.matcher(text);
    if (file.matches()) {
      return checked(
          map, key, "file " + file.group(1), file(map, key, file.group(1), sources), lengthMax);
    }
    if (text.contains("${")) {
      map.problem(
          key, "a reference must be the whole value: ${NAME}, ${NAME:default} or ${file:path}");
    } else if (text.length() > lengthMax && text.length() <= SECRET_LENGTH_MAX) {
      YamlMap.fault(text, lengthMax).ifPresent(fault -> map.problem(key, fault));
    }
    return text;
  }

  private static String variable(
      YamlMap map, String key, Matcher reference, SecretSources sources, int lengthMax) {
    String name = reference.group(1);
    if (name.startsWith("TOCSIN_")) {
      map.problem(
          key, "variables that begin with TOCSIN_ are settings; give " + name + " another name");
      return "";
    }
    String set = sources.variable(name);
    String preset = reference.group(2);
    String value = set.isEmpty() && preset != null ? preset : set;
    if (value.isEmpty()) {
      return sources.missing(map, key, "the variable " + name + " is not set and has no default");
    }
    return checked(map, key, "variable " + name, value, lengthMax);
  }

  /**
   * What stands in a file, without the line break that editors end it with; found beside the map's.
   */
  private static String file(YamlMap map, String key, String path, SecretSources sources) {
    try {
      Path file = Path.of(map.file()).resolveSibling(path);
      sources.note(file);
      if (sources.keeps(file)) {
        map.problem(key, "the file " + path + " is the server's own, and no organization's");
        return "";
      }
      byte[] bytes = bytes(file);
      if (bytes.length > FILE_BYTES_MAX) {
        map.problem(key, "the file " + path + " is larger than a secret");
        return "";
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      String secret = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
      if (secret.isEmpty()) {
        map.problem(key, "the file " + path + " is empty");
      }
      return secret;
    } catch (NoSuchFileException e) {
      return sources.missing(map, key, "there is no file " + path);
    } catch (CharacterCodingException e) {
      map.problem(key, "the file " + path + " is not UTF-8 text");
    } catch (IOException | InvalidPathException e) {
      map.problem(key, "the file " + path + " cannot be read");
    }
    return "";
  }

  /**
   * Not more than is needed to see that there is too much; a pipe or a device is not waited for.
   */
  private static byte[] bytes(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException("no regular file: " + file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(FILE_BYTES_MAX + 1);
    }
  }

  private static String checked(
      YamlMap map, String key, String origin, String value, int lengthMax) {
    if (!value.isEmpty()) {
      YamlMap.fault(value, lengthMax)
          .ifPresent(fault -> map.problem(key, "in the " + origin + ", " + fault));
    }
    return value;
  }
}
