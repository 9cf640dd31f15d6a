package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.editor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.AccessKey;
import dev.tocsin.access.Caller;
import dev.tocsin.access.NewAccessKey;
import dev.tocsin.access.SecretHash;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.api.Audit;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.ServiceUser;
import dev.tocsin.api.ServiceUsers;
import dev.tocsin.api.ShownAccessKey;
import dev.tocsin.api.Written;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.OrganizationId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgServiceUsersPgTest {
  private static final SecretKey HASHING = new SecretKeySpec(new byte[32], "HmacSHA256");

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final NewAccessKey.Maker MAKER = NewAccessKey.Maker.of(HASHING, new Random(7));

  private final ServiceUserId id = new ServiceUserId(StoreSamples.id());
  private OrganizationId acme;
  private OrganizationId bolt;
  private ServiceUsers users;
  private PgAccessKeys keys;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    bolt = StoreSamples.organization(postgres);
    users = new PgServiceUsers(postgres.database());
    keys = new PgAccessKeys(postgres.database());
  }

  @Test
  void one_is_made_renamed_and_deleted() {
    ServiceUser made =
        new ServiceUser(
            id, "ci", false, new Audit(1, Samples.NOW, Samples.NOW, "tester", "tester"));
    ServiceUser renamed =
        new ServiceUser(
            id,
            "cd",
            false,
            new Audit(2, Samples.NOW, Samples.NOW.plusSeconds(3600), "tester", "editor"));

    assertThat(users.create(author(acme), id, "ci")).isEqualTo(new Written.Saved<>(made));
    assertThat(users.find(acme, id)).contains(made);
    assertThat(users.update(editor(acme), id, 1, "cd")).isEqualTo(new Written.Saved<>(renamed));
    assertThat(users.update(editor(acme), id, 1, "ce")).isEqualTo(new Written.Stale<>(2));
    assertThat(users.delete(editor(acme), id)).isEqualTo(new Written.Saved<>(renamed));
    assertThat(users.find(acme, id)).isEmpty();
    assertThat(users.delete(editor(acme), id)).isEqualTo(new Written.Missing<>());
  }

  @Test
  void names_need_not_differ() {
    users.create(author(acme), id, "ci");
    ServiceUserId other = new ServiceUserId(StoreSamples.id());
    users.create(author(acme), other, "ci");

    assertThat(users.list(acme, List.of(), new PageRequest(9, null)).items())
        .extracting(ServiceUser::id)
        .containsExactly(other, id);
    assertThat(users.list(acme, List.of(id), new PageRequest(9, null)).items())
        .extracting(ServiceUser::id)
        .containsExactly(id);
    assertThat(users.list(bolt, List.of(), new PageRequest(9, null)).items()).isEmpty();
  }

  @Test
  void a_key_is_found_by_what_it_hashes_to_and_shown_without() {
    users.create(author(acme), id, "ci");
    NewAccessKey made = MAKER.make();
    ShownAccessKey shown = new ShownAccessKey(made.key(), Samples.NOW, "tester");

    assertThat(users.createKey(author(acme), id, made)).isEqualTo(new Written.Saved<>(shown));
    AccessKey stored = keys.find(made.key()).orElseThrow();
    assertThat(stored.caller()).isEqualTo(new Caller(acme, id, made.key()));
    assertThat(stored.secretHash().matches(SecretHash.of(HASHING, made.key(), made.secret())))
        .isTrue();
    assertThat(users.keys(acme, id)).contains(List.of(shown));
    assertThat(
            postgres.value(
                "select k::text from access_key k where access_key = '" + made.key() + "'"))
        .doesNotContain(made.secret());
  }

  @Test
  void a_deleted_key_and_the_keys_of_a_deleted_user_are_gone() {
    users.create(author(acme), id, "ci");
    NewAccessKey first = MAKER.make();
    NewAccessKey second = MAKER.make();
    users.createKey(author(acme), id, first);
    users.createKey(editor(acme), id, second);
    assertThat(users.keys(acme, id).orElseThrow())
        .extracting(ShownAccessKey::key)
        .containsExactly(second.key(), first.key());

    assertThat(users.deleteKey(author(acme), id, first.key())).isInstanceOf(Written.Saved.class);
    assertThat(users.deleteKey(author(acme), id, first.key())).isEqualTo(new Written.Missing<>());
    assertThat(keys.find(first.key())).isEmpty();
    assertThat(keys.find(second.key())).isPresent();
    users.delete(author(acme), id);
    assertThat(keys.find(second.key())).isEmpty();
    assertThat(users.keys(acme, id)).isEmpty();
  }

  @Test
  void organizations_do_not_reach_each_others() {
    users.create(author(acme), id, "ci");
    NewAccessKey made = MAKER.make();
    users.createKey(author(acme), id, made);

    assertThat(users.find(bolt, id)).isEmpty();
    assertThat(users.keys(bolt, id)).isEmpty();
    assertThat(users.update(editor(bolt), id, 1, "x")).isEqualTo(new Written.Missing<>());
    assertThat(users.delete(editor(bolt), id)).isEqualTo(new Written.Missing<>());
    assertThat(users.createKey(editor(bolt), id, MAKER.make())).isEqualTo(new Written.Missing<>());
    assertThat(users.deleteKey(editor(bolt), id, made.key())).isEqualTo(new Written.Missing<>());
    assertThat(keys.find(made.key())).isPresent();
  }

  @Test
  void what_a_file_declares_is_not_changed() {
    users.create(author(acme), id, "ci");
    NewAccessKey made = MAKER.make();
    users.createKey(author(acme), id, made);
    postgres.execute("update service_user set managed = true where id = '" + id + "'");

    assertThat(users.update(editor(acme), id, 1, "x")).isEqualTo(new Written.DeclaredInFile<>());
    assertThat(users.delete(editor(acme), id)).isEqualTo(new Written.DeclaredInFile<>());
    assertThat(users.createKey(editor(acme), id, MAKER.make()))
        .isEqualTo(new Written.DeclaredInFile<>());
    assertThat(users.deleteKey(editor(acme), id, made.key()))
        .isEqualTo(new Written.DeclaredInFile<>());
    assertThat(users.keys(acme, id).orElseThrow()).hasSize(1);
  }

  @Test
  void those_who_add_keys_at_once_do_not_pass_the_bound() throws Exception {
    users.create(author(acme), id, "ci");
    for (int i = 0; i < ServiceUsers.KEYS_MAX - 1; i++) {
      users.createKey(author(acme), id, MAKER.make());
    }
    CyclicBarrier together = new CyclicBarrier(4);
    List<Future<Written<ShownAccessKey>>> adding = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        NewAccessKey made = MAKER.make();
        adding.add(
            threads.submit(() -> {
              together.await();
              return users.createKey(author(acme), id, made);
            }));
      }
    }
    List<Written<ShownAccessKey>> written = new ArrayList<>();
    for (Future<Written<ShownAccessKey>> one : adding) {
      written.add(one.get());
    }

    assertThat(written).filteredOn(one -> one instanceof Written.Saved).hasSize(1);
    assertThat(users.keys(acme, id).orElseThrow()).hasSize(ServiceUsers.KEYS_MAX);
  }
}
