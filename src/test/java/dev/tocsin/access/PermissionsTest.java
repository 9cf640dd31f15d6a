package dev.tocsin.access;

import static dev.tocsin.access.Action.CONFIG_CREATE;
import static dev.tocsin.access.Action.CONFIG_RETRIEVE;
import static dev.tocsin.access.Action.CONFIG_UPDATE;
import static dev.tocsin.access.Kind.EVENT;
import static dev.tocsin.access.Kind.NOTIFICATION_CONFIGURATION;
import static dev.tocsin.access.Kind.WEBHOOK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.EventName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermissionsTest {
  private static final Statement ADMINISTRATOR = statement("allow", "all", "*");

  @Test
  void without_a_policy_nothing_is_permitted() {
    assertThat(Permissions.NONE.permit(CONFIG_RETRIEVE, EVENT)).isFalse();
    assertThat(Permissions.NONE.permit(CONFIG_RETRIEVE, EVENT, "e-1")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "config:*", "config:event/*", "config:event/item/*", "CONFIG:Event/*"})
  void what_covers_the_kind_permits_it_as_a_whole_and_each_of_its_items(String resource) {
    Permissions permissions = of(statement("ALLOW", "CONFIG_RETRIEVE", resource));

    assertThat(permissions.permit(CONFIG_RETRIEVE, EVENT)).isTrue();
    assertThat(permissions.permit(CONFIG_RETRIEVE, EVENT, "e-1")).isTrue();
    assertThat(permissions.permit(CONFIG_UPDATE, EVENT)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"measurements:*", "measurements:event/*", "config:product/*"})
  void another_service_or_kind_permits_nothing(String resource) {
    Permissions permissions = of(statement("allow", "all", resource));

    assertThat(permissions.permit(CONFIG_RETRIEVE, EVENT)).isFalse();
    assertThat(permissions.permit(CONFIG_RETRIEVE, EVENT, "e-1")).isFalse();
  }

  @Test
  void a_denial_wins_whatever_allows_and_in_whatever_order() {
    Statement denial = statement("deny", "config:retrieve", "config:event/*");

    for (Permissions permissions : List.of(of(ADMINISTRATOR, denial), of(denial, ADMINISTRATOR))) {
      assertThat(permissions.permit(CONFIG_RETRIEVE, EVENT)).isFalse();
      assertThat(permissions.permit(CONFIG_RETRIEVE, EVENT, "e-1")).isFalse();
      assertThat(permissions.permit(CONFIG_CREATE, EVENT)).isTrue();
      assertThat(permissions.permit(CONFIG_RETRIEVE, WEBHOOK)).isTrue();
    }
  }

  @Test
  void to_deny_all_actions_is_to_deny_each() {
    Permissions permissions = of(ADMINISTRATOR, statement("deny", "ALL", "config:webhook/*"));

    assertThat(permissions.permit(CONFIG_RETRIEVE, WEBHOOK)).isFalse();
    assertThat(permissions.permit(CONFIG_CREATE, WEBHOOK)).isFalse();
    assertThat(permissions.permit(CONFIG_CREATE, EVENT)).isTrue();
  }

  @Test
  void a_denied_item_leaves_the_others_and_the_kind_as_a_whole() {
    Permissions permissions =
        of(ADMINISTRATOR, statement("deny", "config:update", "config:webhook/item/AB-1"));

    assertThat(permissions.permit(CONFIG_UPDATE, WEBHOOK)).isTrue();
    assertThat(permissions.permit(CONFIG_UPDATE, WEBHOOK, "ab-2")).isTrue();
    assertThat(permissions.permit(CONFIG_UPDATE, WEBHOOK, "ab-1")).isFalse();
    assertThat(permissions.permit(CONFIG_RETRIEVE, WEBHOOK, "ab-1")).isTrue();
    assertThat(permissions.deniedItems(CONFIG_UPDATE, WEBHOOK)).isEqualTo(Set.of("ab-1"));
  }

  @Test
  void an_allowed_item_is_no_permission_for_the_kind_as_a_whole() {
    Permissions permissions =
        of(statement("allow", "config:retrieve", "config:notificationconfiguration/item/r-1"));

    assertThat(permissions.permit(CONFIG_RETRIEVE, NOTIFICATION_CONFIGURATION, "r-1")).isTrue();
    assertThat(permissions.permit(CONFIG_RETRIEVE, NOTIFICATION_CONFIGURATION, "r-2")).isFalse();
    assertThat(permissions.permit(CONFIG_RETRIEVE, NOTIFICATION_CONFIGURATION)).isFalse();
  }

  @Test
  void denials_of_retrieving_hide_events_and_no_others_do() {
    assertThat(of(ADMINISTRATOR).hiddenEvents()).isEqualTo(HiddenEvents.NONE);
    assertThat(
            of(
                    ADMINISTRATOR,
                    statement("deny", "config:retrieve", "config:Product/*"),
                    statement("deny", "all", "billing:bill/item/B-1"),
                    statement("deny", "config:retrieve", "config:organization/item/O-1"),
                    statement("deny", "config:update", "config:plan/*"),
                    statement("deny", "measurements:retrieve", "measurements:meter/*"),
                    statement("deny", "config:retrieve", "measurements:meter/*"),
                    statement("deny", "config:retrieve", "config:event/item/E-1"))
                .hiddenEvents()
                .names())
        .containsExactlyInAnyOrder("product", "bill/B-1", "organization/O-1", "event/e-1");
    assertThat(of(statement("deny", "config:retrieve", "config:event/*")).hiddenEvents().names())
        .containsExactly("*");
    assertThat(of(statement("deny", "all", "config:*")).hiddenEvents().names())
        .containsExactly("*");
  }

  @Test
  void event_types_of_hidden_entities_are_hidden_too() {
    HiddenEvents hidden = new HiddenEvents(Set.of("product", "plan/p-1"));

    assertThat(hidden.hides(new EventName("configuration.product.deleted"))).isTrue();
    assertThat(hidden.hides(new EventName("scheduled.product.end"))).isTrue();
    assertThat(hidden.hides(new EventName("configuration.plan.created"))).isFalse();
    assertThat(hidden.hides(new EventName("configuration.productline.created"))).isFalse();
    assertThat(new HiddenEvents(Set.of("*")).hides(new EventName("a.b.c"))).isTrue();
  }

  /** What they are about, nobody said, and a denial wins when in doubt. */
  @Test
  void event_types_of_free_names_are_hidden_by_each_part_that_names_a_hidden_entity() {
    HiddenEvents hidden = new HiddenEvents(Set.of("product"));

    assertThat(
            Stream.of("product", "Product.sold", "shop.product", "shop.eu.product.sold")
                .map(EventName::new))
        .allMatch(hidden::hides);
    // As it is with all names of three parts.
    assertThat(hidden.hides(new EventName("product.plan.created"))).isFalse();
    assertThat(hidden.hides(new EventName("shop.productline"))).isFalse();
  }

  /**
   * Random statements against the plainest model: of a question it writes down every spelling that
   * covers it, and looks for them as texts.
   */
  @Test
  void random_policies_come_to_what_the_plainest_model_says() {
    Random random = new Random(20261127);
    List<String> actions = List.of("all", "config:create", "config:retrieve", "config:update");
    List<Kind> kinds = List.of(EVENT, WEBHOOK, NOTIFICATION_CONFIGURATION);
    List<String> scopes = List.of("*", "item/*", "item/a", "item/b");
    int permitted = 0;
    for (int round = 0; round < 5_000; round++) {
      List<Statement> statements = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        String resource =
            switch (random.nextInt(10)) {
              case 0 -> "*";
              case 1 -> "config:*";
              case 2 -> "measurements:*";
              default ->
                  "config:"
                      + kinds.get(random.nextInt(3)).text()
                      + "/"
                      + scopes.get(random.nextInt(scopes.size()));
            };
        statements.add(
            statement(
                random.nextInt(3) == 0 ? "deny" : "allow",
                actions.get(random.nextInt(actions.size())),
                resource));
      }
      Permissions permissions = Permissions.of(statements);
      Action action = List.of(CONFIG_CREATE, CONFIG_RETRIEVE).get(random.nextInt(2));
      Kind kind = kinds.get(random.nextInt(3));
      Set<String> whole =
          Set.of(
              "*", "config:*", "config:" + kind.text() + "/*", "config:" + kind.text() + "/item/*");
      Set<String> ofItem = new HashSet<>(whole);
      ofItem.add("config:" + kind.text() + "/item/a");

      assertThat(permissions.permit(action, kind))
          .as("%s %s %s", action, kind, statements)
          .isEqualTo(
              is("allow", statements, action, whole) && !is("deny", statements, action, whole));
      boolean item =
          is("allow", statements, action, ofItem) && !is("deny", statements, action, ofItem);
      assertThat(permissions.permit(action, kind, "a"))
          .as("%s %s a %s", action, kind, statements)
          .isEqualTo(item);
      permitted += item ? 1 : 0;
    }
    assertThat(permitted).isBetween(500, 4_500);
  }

  private static boolean is(
      String effect, List<Statement> statements, Action action, Set<String> resources) {
    return statements.stream()
        .filter(one -> one.effect().equals(effect))
        .filter(one -> Set.of("all", action.text()).contains(one.actions().getFirst()))
        .anyMatch(one -> resources.contains(one.resources().getFirst()));
  }

  private static Permissions of(Statement... statements) {
    return Permissions.of(List.of(statements));
  }

  private static Statement statement(String effect, String action, String resource) {
    return new Statement(effect, List.of(action), List.of(resource));
  }

  @Test
  void an_item_is_hidden_by_its_entity_by_its_own_id_as_it_is_written_and_by_everything() {
    HiddenEvents hidden = new HiddenEvents(Set.of("product", "plan/P-1", "account/a-1", "event/e"));

    assertThat(hidden.hides("Product", "p-2")).isTrue();
    assertThat(hidden.hides("PLAN", "P-1")).isTrue();
    assertThat(hidden.hides("Plan", "p-1")).isFalse();
    assertThat(hidden.hides("Account", "a-1")).isTrue();
    assertThat(hidden.hides("Account", "a-2")).isFalse();
    assertThat(hidden.hidesAccounts()).isTrue();
    assertThat(new HiddenEvents(Set.of("*")).hides("Plan", "p")).isTrue();
    assertThat(new HiddenEvents(Set.of("account", "accountx/a")).hidesAccounts()).isFalse();
  }
}
