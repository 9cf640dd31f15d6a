package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTextTest {
  private static List<String> problems(String yaml) {
    List<Problem> problems = new ArrayList<>();
    YamlMap.of(new YamlText("a.yaml", yaml), problems);
    return problems.stream().map(Problem::toString).toList();
  }

  @Test
  void a_mistake_is_named_with_its_line() {
    assertThat(problems("a: 1\nb: [1, 2\nc: 3\n"))
        .singleElement()
        .asString()
        .matches("a\\.yaml:\\d: this is not YAML, expected ',' or ']'.*");
  }

  /** The parser's own message shows the line, and quotes what it takes for an alias or a tag. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret: \"hunter2",
        "secret: *hunter2",
        "secret: !hunter2!x y",
        "secret: @hunter2",
        "secret: [hunter2",
        "secret: hunter2: hunter2",
        "secret: hunter2\u0000"
      })
  void no_message_shows_what_stands_there(String yaml) {
    assertThat(problems(yaml)).hasSize(1).noneMatch(problem -> problem.contains("hunter2"));
  }

  @Test
  void a_reference_inside_braces_is_told_to_be_quoted() {
    assertThat(problems("user: { secret: ${NAME:x}, name: y }"))
        .singleElement()
        .asString()
        .endsWith("; inside braces a reference needs quotes: \"${NAME}\"");
  }

  /** Nine lists of nine of the one before would be a billion values, from a few lines. */
  @Test
  void aliases_multiply_nothing() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      String alias = "*a" + (i - 1);
      bomb.append(
          "a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(9, alias))));
    }
    assertThat(problems(bomb.toString())).singleElement().asString().contains("no aliases");
  }

  @Test
  void a_merged_mapping_is_refused() {
    assertThat(problems("a: &a { b: 1 }\nc: { <<: *a }\n")).hasSize(1);
  }

  @Test
  void depth_and_length_are_bounded() {
    assertThat(problems("a: " + "[".repeat(1_000) + "]".repeat(1_000)))
        .singleElement()
        .asString()
        .contains("20 levels");
    assertThat(problems("a: " + "x".repeat(4 << 20)))
        .singleElement()
        .asString()
        .contains("characters");
  }

  @Test
  void a_second_document_is_refused() {
    assertThat(problems("a: 1\n---\nb: 2\n")).hasSize(1);
  }

  @Test
  void keys_stand_once_and_are_texts() {
    assertThat(problems("a: 1\nb: 2\na: 3\n")).containsExactly("a.yaml:3: a: stands twice");
    assertThat(problems("[1, 2]: 3\n")).containsExactly("a.yaml:1: a key must be a text");
  }
}
