package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.EventType;
import dev.tocsin.catalog.FieldType;
import dev.tocsin.catalog.LearnedField;
import dev.tocsin.event.EventName;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
        "changed(new.amontSpent) | 1:9 Commitment is not known to have a field 'amontSpent', did you mean amountSpent?",
        "-5 == new.currency | 1:4 this can never be true: a number is compared with a text",
        "1 + 2 != new.currency | 1:7 this is always true: a number is compared with a text",
        "new.\"a\\u202e\\nb\" == 1 | 1:1 Commitment is not known to have a field 'a\\u202e\\u000ab'",
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
        "new.endDate == now() | 1:13 a day and a time are not the same text, even of the same day; compare date(...) of both",
        "now() != date(new.endDate) | 1:7 a day and a time are not the same text, even of the same day; compare date(...) of both",
        "new.separateOverageUsage > false | 1:26 this can never be true: true or false is compared with true or false"
      })
  void a_probable_mistake_is_pointed_out(String calculation, String warning) {
    assertThat(warnings(calculation, "configuration.commitment.updated")).containsExactly(warning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 / 0 == new.amount | 1:5 this always fails: division by zero",
        "new.amount > 1 + 1 % 0 * 2 | 1:22 this always fails: division by zero",
        "new.amount > 2 ^ 1001 | 1:18 this always fails: '^' takes exponents to 1000 only",
        "new.amount in (1, 2 ^ -1001) | 1:23 this always fails: '^' takes exponents to 1000 only",
        "(int) \"x\" == new.amount | 1:7 this always fails: (int) needs a text that is a number",
        "date(\"2026-02-30\") == date(now()) | 1:6 this always fails: date needs a date such as 2026-11-23 or 2026-11-23T10:00:00Z",
        "new.amount > 5 AND Math.round(1.5, 301) == 1 | 1:36 this always fails: Math.round needs a whole number of places, 300 at most"
      })
  void constants_that_cannot_be_computed_are_pointed_out(String calculation, String warning) {
    assertThat(warnings(calculation, "configuration.commitment.updated")).containsExactly(warning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "new.amount / 0 > 1 | 1:14 division by zero",
        "new.amount % 0.0 > 1 | 1:14 division by zero",
        "new.currency * 2 > 5 | 1:1 '*' needs numbers, and this is a text",
        "5 > 2 - new.currency | 1:9 '-' needs numbers, and this is a text",
        "-new.currency == new.amount | 1:2 a sign needs a number, and this is a text",
        "new.amount + new.currency == 5 | 1:14 '+' needs two numbers or two texts, and has a number and a text",
        "new.separateOverageUsage + new.amount == 5 | 1:1 '+' needs two numbers or two texts, and this is true or false",
        "new.endDate + 30 > now() | 1:15 '+' needs two numbers or two texts, and has a text and a number; days between dates are daysBetween(a, b), and other days plusDays(d, 30)",
        "new.amount - new.endDate > 5 | 1:14 '-' needs numbers, and this is a text; days between dates are daysBetween(a, b), and other days plusDays(d, 30)",
        "lower(new.amount) == \"x\" | 1:7 lower needs a text, and this is a number",
        "Math.max(1, new.amount, new.currency) > 5 | 1:25 Math.max needs a number, and this is a text",
        "includes(new.currency, \"x\") | 1:10 includes needs an array, and this is a text",
        "matches(new.amount, \"x\") | 1:9 matches needs a text, and this is a number",
        "new.amount AND new.amount > 5 | 1:1 AND needs true or false, and this is a number",
        "new.amount > 5 OR new.currency | 1:19 OR needs true or false, and this is a text",
        "NOT new.amount | 1:5 NOT needs true or false, and this is a number",
        "new.currency ? true : false | 1:1 '?' needs true or false, and this is a text",
        "new.amount ?: 0 > 20 | 1:1 a calculation must give true or false on the left of '?:', which binds loosest of all, and this is a number",
        "new.amount > 5 AND (new.separateOverageUsage ? new.currency : true) | 1:48 AND needs true or false, and this is a text",
        "new.amount | 1:1 a calculation must give true or false, and this is a number",
        "new.customFields == old.customFields | 1:18 objects and arrays cannot be compared with each other; changed does so"
      })
  void a_field_that_is_never_of_the_kind_that_is_needed_is_pointed_out(
      String calculation, String reason) {
    int blank = reason.indexOf(' ');
    assertThat(warnings(calculation, "configuration.commitment.updated"))
        .containsExactly(
            reason.substring(0, blank)
                + " this fails whenever it is not null:"
                + reason.substring(blank));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "new.amount / (new.amount - 5) > 0 / 5 | configuration.commitment.updated",
        "new.currency + \"x\" == \"y\" AND -new.amount < -5 | configuration.commitment.updated",
        "new.customFields.tier * 2 > 5 OR new.customFields.name == old.customFields | configuration.commitment.updated",
        "old.amount * 2 == null AND lower(null) == null | configuration.commitment.created",
        "new.amountSpent >= new.amount * 90 / 100 AND (old.amountSpent < 5 OR old.amountSpent == null) | configuration.commitment.updated",
        "new.customFields.tier == 5 AND new.customFields.tier == \"x\" | configuration.commitment.updated",
        "date(new.endDate) == date(now()) AND new.endDate < now() | configuration.commitment.updated",
        "new.separateOverageUsage ?: new.amount > 5 | configuration.commitment.updated",
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "new.discovered > 5 | ",
        "new.discovered > \"x\" | 1:16 this can never be true: a number is compared with a text",
        "new.mixed > \"x\" AND new.mixed > 5 | ",
        "new.mixed.inner == 1 | ",
        "new.customFields.tier == 1 | 1:23 this can never be true: a text is compared with a number",
        "new.customFields.teir == \"gold\" | 1:1 Commitment is not known to have a field 'customFields.teir', did you mean tier?",
        "new.customFields.tier.name == 1 | 1:1 new.customFields.tier is a text, so that nothing below it can be reached",
        "new.customFields.deep.er.still == 1 | ",
        "new.discovred > 5 | 1:1 Commitment is not known to have a field 'discovred', did you mean discovered?"
      })
  void what_was_learned_is_known(String calculation, @Nullable String warning) {
    EventType type =
        found("configuration.commitment.updated")
            .with(
                List.of(
                    learned("discovered", FieldType.INT),
                    learned("mixed", FieldType.ANY),
                    learned("customFields.tier", FieldType.STRING),
                    learned("customFields.deep", FieldType.MAP)));
    assertThat(warnings(calculation, type))
        .isEqualTo(warning == null ? List.of() : List.of(warning));
  }

  private static LearnedField learned(String path, FieldType type) {
    return new LearnedField("Commitment", path, type, Instant.EPOCH, Instant.EPOCH);
  }

  private static EventType found(String eventName) {
    return Objects.requireNonNull(CATALOG.find(new EventName(eventName)));
  }

  private static List<String> warnings(String text, String eventName) {
    return warnings(text, found(eventName));
  }

  private static List<String> warnings(String text, EventType type) {
    return switch (Calculations.parse(text, CalculationLimits.DEFAULTS)) {
      case Parsed.Valid(ParsedCalculation calculation) ->
          calculation.warnings(type).stream()
              .map(one -> "%d:%d %s".formatted(one.line(), one.column(), one.message()))
              .toList();
      case Parsed.Invalid(List<Problem> problems) -> throw new AssertionError(text + problems);
    };
  }
}
