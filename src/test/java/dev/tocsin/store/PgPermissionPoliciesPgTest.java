package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.editor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Action;
import dev.tocsin.access.Holders;
import dev.tocsin.access.Kind;
import dev.tocsin.access.NewAccessKey;
import dev.tocsin.access.Permissions;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Statement;
import dev.tocsin.api.Audit;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.PermissionPolicies;
import dev.tocsin.api.PermissionPolicy;
import dev.tocsin.api.PolicyAssignment;
import dev.tocsin.api.ServiceUsers;
import dev.tocsin.api.Written;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.OrganizationId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgPermissionPoliciesPgTest {
  private static final PermissionPolicy.Content EVERYTHING =
      content("All", new Statement("ALLOW", List.of("ALL"), List.of("*")));
  private static final PermissionPolicy.Content NO_PRODUCTS =
      content(
          "No \"products\" ü",
          new Statement("allow", List.of("config:retrieve"), List.of("config:event/*")),
          new Statement(
              "deny",
              List.of("config:retrieve", "CONFIG_UPDATE"),
              List.of("config:product/*", "config:plan/item/a \"b\"")));

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private final UUID id = StoreSamples.id();
  private final ServiceUserId user = new ServiceUserId(StoreSamples.id());
  private OrganizationId acme;
  private OrganizationId bolt;
  private PermissionPolicies policies;
  private ServiceUsers users;
  private Holders holders;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    bolt = StoreSamples.organization(postgres);
    policies = new PgPermissionPolicies(postgres.database());
    users = new PgServiceUsers(postgres.database());
    holders = new PgHolders(postgres.database());
  }

  @Test
  void a_policy_is_found_as_it_was_spelled() {
    PermissionPolicy expected =
        new PermissionPolicy(
            id, NO_PRODUCTS, false, new Audit(1, Samples.NOW, Samples.NOW, "tester", "tester"));

    assertThat(policies.create(author(acme), id, NO_PRODUCTS))
        .isEqualTo(new Written.Saved<>(expected));
    assertThat(policies.find(acme, id)).contains(expected);
    assertThat(policies.find(bolt, id)).isEmpty();
  }

  @Test
  void an_update_replaces_the_version_it_names() {
    policies.create(author(acme), id, NO_PRODUCTS);
    PermissionPolicy expected =
        new PermissionPolicy(
            id,
            EVERYTHING,
            false,
            new Audit(2, Samples.NOW, Samples.NOW.plusSeconds(3600), "tester", "editor"));

    assertThat(policies.update(editor(acme), id, 1, EVERYTHING))
        .isEqualTo(new Written.Saved<>(expected));
    assertThat(policies.update(editor(acme), id, 1, NO_PRODUCTS)).isEqualTo(new Written.Stale<>(2));
    assertThat(policies.update(editor(bolt), id, 2, NO_PRODUCTS))
        .isEqualTo(new Written.Missing<>());
    assertThat(policies.find(acme, id)).contains(expected);
  }

  @Test
  void pages_go_from_the_newest_to_the_oldest_also_of_some_ids() {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(StoreSamples.id());
      policies.create(author(acme), ids.getLast(), EVERYTHING);
    }
    policies.create(author(bolt), StoreSamples.id(), EVERYTHING);

    assertThat(listed(2, List.of()))
        .containsExactly(
            List.of(ids.get(4), ids.get(3)),
            List.of(ids.get(2), ids.get(1)),
            List.of(ids.getFirst()));
    assertThat(listed(9, List.of(ids.get(1), ids.get(3))))
        .containsExactly(List.of(ids.get(3), ids.get(1)));
  }

  @Test
  void what_is_managed_is_read_and_never_changed() {
    policies.create(author(acme), id, EVERYTHING);
    users.create(author(acme), user, "ops");
    postgres.execute("update permission_policy set managed = true where id = '" + id + "'");

    assertThat(policies.update(editor(acme), id, 1, NO_PRODUCTS))
        .isEqualTo(new Written.DeclaredInFile<>());
    assertThat(policies.delete(editor(acme), id)).isEqualTo(new Written.DeclaredInFile<>());
    postgres.execute("update permission_policy set name = 'administrator' where id = '" + id + "'");
    assertThat(policies.delete(editor(acme), id)).isEqualTo(new Written.BuiltIn<>());
    assertThat(policies.find(acme, id).orElseThrow().managed()).isTrue();
    assertThat(policies.assign(author(acme), id, user, StoreSamples.id()))
        .as("anybody may have it")
        .isInstanceOf(Written.Saved.class);
    postgres.execute("update service_user set managed = true where id = '" + user + "'");
    assertThat(policies.unassign(author(acme), id, user)).isEqualTo(new Written.DeclaredInFile<>());
    assertThat(policies.assign(author(acme), id, user, StoreSamples.id()))
        .isEqualTo(new Written.DeclaredInFile<>());
  }

  @Test
  void a_service_user_may_do_what_all_his_policies_say() {
    UUID other = StoreSamples.id();
    policies.create(author(acme), id, EVERYTHING);
    policies.create(author(acme), other, NO_PRODUCTS);
    users.create(author(acme), user, "ops");
    users.createKey(author(acme), user, key());
    assertThat(permissions().permit(Action.CONFIG_RETRIEVE, Kind.EVENT)).isFalse();

    policies.assign(author(acme), other, user, StoreSamples.id());
    assertThat(permissions().permit(Action.CONFIG_RETRIEVE, Kind.EVENT)).isTrue();
    assertThat(permissions().permit(Action.CONFIG_CREATE, Kind.EVENT)).isFalse();
    policies.assign(author(acme), id, user, StoreSamples.id());
    assertThat(permissions().permit(Action.CONFIG_CREATE, Kind.EVENT)).isTrue();
    assertThat(permissions().hiddenEvents().names())
        .containsExactlyInAnyOrder("product", "plan/a \"b\"");
    assertThat(holders.find(bolt, user)).isEmpty();

    policies.delete(author(acme), other);
    assertThat(permissions().hiddenEvents().names()).isEmpty();
    policies.unassign(author(acme), id, user);
    assertThat(permissions().permit(Action.CONFIG_CREATE, Kind.EVENT)).isFalse();
  }

  @Test
  void an_assignment_is_made_once_and_taken_back_once() {
    UUID made = StoreSamples.id();
    policies.create(author(acme), id, EVERYTHING);
    users.create(author(acme), user, "ops");
    PolicyAssignment expected = new PolicyAssignment(made, id, user, Samples.NOW, "tester");

    assertThat(policies.assign(author(acme), id, user, made))
        .isEqualTo(new Written.Saved<>(expected));
    assertThat(policies.assign(editor(acme), id, user, StoreSamples.id()))
        .isEqualTo(new Written.Saved<>(expected));
    assertThat(of(user)).containsExactly(List.of(id));
    assertThat(policies.unassign(editor(acme), id, user)).isEqualTo(new Written.Saved<>(expected));
    assertThat(policies.unassign(editor(acme), id, user)).isEqualTo(new Written.Missing<>());
    assertThat(of(user)).containsExactly(List.of());
  }

  @Test
  void nothing_is_assigned_across_organizations() {
    policies.create(author(acme), id, EVERYTHING);
    users.create(author(bolt), user, "ops");
    UUID assignment = StoreSamples.id();

    assertThat(policies.assign(author(acme), id, user, assignment))
        .isEqualTo(new Written.Missing<>());
    assertThat(policies.assign(author(bolt), id, user, assignment))
        .isEqualTo(new Written.Missing<>());
    assertThat(policies.ofServiceUser(acme, user, new PageRequest(9, null))).isEmpty();
    assertThat(policies.ofServiceUser(bolt, user, new PageRequest(9, null)))
        .contains(new Page<>(List.of(), false));
  }

  @Test
  void a_service_user_has_so_many_policies_and_no_more() {
    users.create(author(acme), user, "ops");
    List<UUID> made = new ArrayList<>();
    for (int i = 0; i < PermissionPolicies.PER_SERVICE_USER_MAX; i++) {
      made.add(StoreSamples.id());
      policies.create(author(acme), made.getLast(), EVERYTHING);
      policies.assign(author(acme), made.getLast(), user, StoreSamples.id());
    }
    policies.create(author(acme), id, EVERYTHING);

    assertThat(policies.assign(author(acme), id, user, StoreSamples.id()))
        .isEqualTo(new Written.Full<>(PermissionPolicies.PER_SERVICE_USER_MAX));
    assertThat(policies.assign(author(acme), made.getFirst(), user, StoreSamples.id()))
        .isInstanceOf(Written.Saved.class);
    assertThat(of(user).stream().flatMap(List::stream)).containsExactlyElementsOf(made.reversed());
  }

  private Permissions permissions() {
    return holders.find(acme, user).orElseThrow().permissions();
  }

  private List<List<UUID>> of(ServiceUserId holder) {
    return ids(
        StoreSamples.pages(
            8,
            page -> policies.ofServiceUser(acme, holder, page).orElseThrow(),
            PermissionPolicy::id));
  }

  private List<List<UUID>> listed(int size, List<UUID> wanted) {
    return ids(
        StoreSamples.pages(size, page -> policies.list(acme, wanted, page), PermissionPolicy::id));
  }

  private static List<List<UUID>> ids(List<List<PermissionPolicy>> pages) {
    return pages.stream().map(page -> page.stream().map(PermissionPolicy::id).toList()).toList();
  }

  private static NewAccessKey key() {
    return NewAccessKey.Maker.of(new SecretKeySpec(new byte[32], "HmacSHA256"), new Random(1))
        .make();
  }

  private static PermissionPolicy.Content content(String name, Statement... statements) {
    return new PermissionPolicy.Content(name, List.of(statements));
  }
}
