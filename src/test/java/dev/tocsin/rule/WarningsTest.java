package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.event.EventName;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarningsTest {
  private static final Catalog CATALOG = Catalog.system();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "new.amontSpent > 5 | 1:1 Commitment is not known to have a field 'amontSpent', did you mean amountSpent?",
        "changed(new.amontSpent) | 1:1 Commitment is not known to have a field 'amontSpent', did you mean amountSpent?",
        "true AND old.zzz == null | 1:10 Commitment is not known to have a field 'zzz'",
        "new.amount.net > 5 | 1:1 new.amount is a number, so that nothing below it can be reached",
        "new.amount == \"5\" | 1:12 this can never be true: a number is compared with a text",
        "new.amount != \"5\" | 1:12 this is always true: a number is compared with a text",
        "new.amount > \"5\" | 1:12 this can never be true: a number is compared with a text",
        "new.endDate > 20261123 | 1:13 this can never be true: a text is compared with a number",
        "new.amount < null | 1:12 this can never be true: a number is compared with what is always null",
        "new.amount == new.currency | 1:12 this is true only when both are null: a number is compared with a text",
        "(new.amount ?: 0) == \"\" | 1:19 this can never be true: a number is compared with a text",
        "5 > \"3\" | 1:3 this can never be true: a number is compared with a text",
        "new.amount + 1 == \"5\" | 1:16 this can never be true: a number is compared with a text",
        "new.currency in (1, 2) | 1:14 this can never be true: no value of the list is a text",
        "new.separateOverageUsage > false | 1:26 this can never be true: true or false is compared with true or false"
      })
  void a_probable_mistake_is_pointed_out(String calculation, String warning) {
    assertThat(warnings(calculation, "configuration.commitment.updated")).containsExactly(warning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "new.amountSpent >= new.amount * 90 / 100 AND (old.amountSpent < 5 OR old.amountSpent == null) | configuration.commitment.updated",
        "new.customFields.tier == 5 AND new.customFields.tier == \"x\" | configuration.commitment.updated",
        "new.orgId == \"x\" AND new.accountCode == \"x\" | configuration.commitment.updated",
        "new.currency in (1, \"USD\") AND new.amount in (null, \"x\", 5) | configuration.commitment.updated",
        "(string) new.amount == \"5\" AND length(new.currency) == 3 | configuration.commitment.updated",
        "old.amount == null AND changed(new.amount) | configuration.commitment.created",
        "new.amount == null AND old.amount > 5 | configuration.commitment.deleted",
        "new.anything > 5 AND old.else == \"x\" | configuration.alert.updated",
        "new.anything > 5 | integration.perform.error"
      })
  void what_may_well_be_right_is_not(String calculation, String eventName) {
    assertThat(warnings(calculation, eventName)).isEmpty();
  }

  @Test
  void a_state_that_is_never_there_is_named() {
    assertThat(warnings("old.amount < 5", "configuration.commitment.created"))
        .containsExactly(
            "1:12 this can never be true: what is always null is compared with a number; an entity"
                + " that is created has no old state");
    assertThat(warnings("new.amount == 5", "configuration.commitment.deleted"))
        .containsExactly(
            "1:12 this can never be true: what is always null is compared with a number; an entity"
                + " that is deleted has no new state");
    assertThat(warnings("old.currency in (\"USD\")", "configuration.commitment.created"))
        .containsExactly(
            "1:14 this can never be true: no value of the list is what is always null; an entity"
                + " that is created has no old state");
  }

  @Test
  void warnings_come_in_the_order_of_the_text_and_not_without_end() {
    assertThat(warnings("new.x > 5\nAND new.y > 5", "configuration.commitment.updated"))
        .extracting(warning -> warning.substring(0, 3))
        .containsExactly("1:1", "2:5");
    assertThat(
            warnings(
                "new.x == 1" + " OR new.x == 1".repeat(199), "configuration.commitment.updated"))
        .hasSize(50);
  }

  private static List<String> warnings(String text, String eventName) {
    return switch (Calculations.parse(text, CalculationLimits.DEFAULTS)) {
      case Parsed.Valid(ParsedCalculation calculation) ->
          calculation
              .warnings(Objects.requireNonNull(CATALOG.find(new EventName(eventName))))
              .stream()
              .map(one -> "%d:%d %s".formatted(one.line(), one.column(), one.message()))
              .toList();
      case Parsed.Invalid(List<Problem> problems) -> throw new AssertionError(text + problems);
    };
  }
}
