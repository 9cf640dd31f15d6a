package dev.tocsin.spelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> KNOWN =
      List.of("http.port", "http.host", "ingest.eventBytesMax", "configuration.account.created");

  @ParameterizedTest
  @CsvSource({
    "http.prot, http.port",
    "HTTP.PORT, http.port",
    "http.hots, http.host",
    "htp.port, http.port",
    "http.portt, http.port",
    "ingest.eventBytes, ingest.eventBytesMax",
    "configuration.acount.create, configuration.account.created"
  })
  void a_name_with_few_edits_is_meant(String misspelt, String meant) {
    assertThat(Nearest.suggestion(misspelt, KNOWN)).isEqualTo(", did you mean " + meant + "?");
  }

  @ParameterizedTest
  @CsvSource({"''", "p", "port", "custom.account.created", "delivery.eventBytesMax"})
  void what_is_far_from_all_is_given_no_name(String name) {
    assertThat(Nearest.suggestion(name, KNOWN)).isEmpty();
  }

  @Test
  void the_last_parts_of_a_dotted_name_are_enough() {
    List<String> known = List.of("configuration.bill.created", "billing.bill.created", "a.b");

    assertThat(Nearest.suggestion("Bill.created", known))
        .isEqualTo(", did you mean billing.bill.created?");
    assertThat(Nearest.suggestion("ill.created", known)).isEmpty();
  }

  @Test
  void in_a_tree_the_right_name_in_the_wrong_section_is_meant() {
    assertThat(Nearest.suggestionInTree("delivery.eventBytesMax", KNOWN))
        .isEqualTo(", did you mean ingest.eventBytesMax?");
    assertThat(Nearest.suggestionInTree("port", KNOWN)).isEqualTo(", did you mean http.port?");
    assertThat(Nearest.suggestionInTree("delivery.colour", KNOWN)).isEmpty();
  }

  @Test
  void of_names_that_are_equally_near_the_first_of_the_alphabet_is_meant() {
    assertThat(Nearest.suggestion("http.post", List.of("http.port", "http.host")))
        .isEqualTo(", did you mean http.host?");
  }

  /** The search leaves out most of what it could compute; this one leaves out nothing. */
  @Test
  void a_name_is_near_exactly_when_few_edits_lead_to_it() {
    Random random = new Random(20_261_124);
    for (int i = 0; i < 20_000; i++) {
      String name = name(random);
      String known = name(random);
      boolean near = edits(name, known) <= Math.min(4, 1 + name.length() / 4);

      assertThat(Nearest.suggestion(name, List.of(known)))
          .as("%s for %s", known, name)
          .isEqualTo(near ? ", did you mean " + known + "?" : "");
    }
  }

  private static String name(Random random) {
    int length = random.nextInt(18);
    return random
        .ints(length, 'a', 'd')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static int edits(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
        } else {
          int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
          edits[i][j] = Math.min(replaced, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        }
      }
    }
    return edits[a.length()][b.length()];
  }
}
