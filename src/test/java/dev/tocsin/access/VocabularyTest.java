package dev.tocsin.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {
  private final Vocabulary vocabulary = Vocabulary.of(Catalog.system());

  @ParameterizedTest
  @EnumSource
  void an_action_is_known_in_both_spellings(Action action) {
    assertThat(Action.of(action.name())).isEqualTo(action);
    assertThat(Action.of(action.text())).isEqualTo(action);
    assertThat(vocabulary.flawOfAction(action.text())).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"allow", "ALLOW", "deny", "Deny"})
  void an_effect_is_known_whatever_its_capitals(String effect) {
    assertThat(vocabulary.flawOfEffect(effect)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "config:*",
        "config:product/*",
        "CONFIG:PRODUCT/*",
        "billing:bill/item/b-1",
        "config:compoundaggregation/item/*",
        "config:event/*",
        "config:scheduledeventconfiguration/item/with/slashes and blanks",
        "measurements:meter/*"
      })
  void these_resources_are_known(String resource) {
    assertThat(vocabulary.flawOfResource(resource)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "allowed | must be allow or deny, did you mean allow?",
        "'' | must be allow or deny"
      })
  void another_effect_is_refused_with_the_nearest(String effect, String flaw) {
    assertThat(vocabulary.flawOfEffect(effect)).isEqualTo(flaw);
  }

  @Test
  void another_action_is_refused_with_the_nearest() {
    assertThat(vocabulary.flawOfAction("config:retreive"))
        .isEqualTo("must be an action such as config:retrieve, did you mean config:retrieve?");
    assertThat(vocabulary.flawOfAction("CONFIG_UPDTE"))
        .isEqualTo("must be an action such as config:retrieve, did you mean config:update?");
    assertThat(vocabulary.flawOfAction("config:read"))
        .isEqualTo("must be an action such as config:retrieve, did you mean config:retrieve?");
    assertThat(vocabulary.flawOfAction("CONFIG_WRITE")).endsWith("did you mean config:update?");
    assertThat(vocabulary.flawOfAction("delete")).endsWith("did you mean config:delete?");
    assertThat(vocabulary.flawOfAction("audit:read")).endsWith("did you mean audit:retrieve?");
    assertThat(vocabulary.flawOfAction("config:frobnicate"))
        .isEqualTo("must be an action such as config:retrieve");
    assertThat(vocabulary.flawOfAction("*")).isEqualTo("must be an action such as config:retrieve");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "config:prodcut/* | no type of resource is named prodcut, did you mean product?",
        "config:events/* | no type of resource is named events, did you mean event?",
        "confg:event/* | no service is named confg, did you mean config?",
        "config:plan/group/987 | names a resource group, and there are none here: name a type or"
            + " an item",
        "product | must be *, config:*, or such as config:product/* or config:product/item/an-id",
        "config:product | must be *, config:*, or such as config:product/* or"
            + " config:product/item/an-id",
        "config:product/item/ | must be *, config:*, or such as config:product/* or"
            + " config:product/item/an-id",
        "config:product/p-1 | must be *, config:*, or such as config:product/* or"
            + " config:product/item/an-id"
      })
  void another_resource_is_refused_with_the_reason(String resource, String flaw) {
    assertThat(vocabulary.flawOfResource(resource)).isEqualTo(flaw);
  }

  /** So it is hidden by its name what is about the entity. */
  @Test
  void events_of_entities_are_named_by_what_statements_call_these() {
    assertThat(Catalog.system().all())
        .filteredOn(type -> type.entity() != null)
        .isNotEmpty()
        .allSatisfy(type -> {
          HiddenEvents hidden =
              new HiddenEvents(
                  Set.of(Objects.requireNonNull(type.entity()).toLowerCase(Locale.ROOT)));
          assertThat(hidden.hides(type.name())).as(type.name().value()).isTrue();
        });
  }

  @Test
  void the_page_lists_every_type() throws IOException {
    String page = Files.readString(Path.of("docs/api.md"));

    assertThat(Catalog.system().entityNames())
        .allSatisfy(
            entity -> assertThat(page).contains("`" + entity.toLowerCase(Locale.ROOT) + "`"));
    assertThat(Kind.values())
        .allSatisfy(kind -> assertThat(page).contains("`" + kind.text() + "`"));
  }
}
