package dev.tocsin.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.command.Difference.Field;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  @Test
  void one_line_is_shown_before_the_other() {
    assertThat(new Field("name", "Operations", "On call"))
        .hasToString("name: Operations -> On call");
  }

  @Test
  void of_several_lines_those_are_marked_that_differ() {
    assertThat(
            new Field(
                "calculation",
                "new.a > 1\n  AND new.b > 2\n  AND new.c > 3\n",
                "new.a > 1\n  AND new.b > 4\n  AND new.d > 5\n  AND new.c > 3\n"))
        .hasToString(
            """
            calculation:
                    new.a > 1
                  -   AND new.b > 2
                  +   AND new.b > 4
                  +   AND new.d > 5
                      AND new.c > 3\
            """);
  }

  @Test
  void a_line_that_is_there_twice_is_added_once() {
    assertThat(new Field("description", "x", "x\nx"))
        .hasToString(
            """
            description:
                    x
                  + x\
            """);
  }

  @Test
  void a_text_that_was_not_there_is_all_added() {
    assertThat(new Field("description", "", "x\ny"))
        .hasToString(
            """
            description:
                  + x
                  + y\
            """);
  }

  @Test
  void a_line_break_more_is_a_difference_that_is_told() {
    assertThat(new Field("calculation", "new.a > 1", "new.a > 1\n"))
        .hasToString("calculation: differs only in how lines end");
  }
}
