package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.DeclaredOrganization.ServiceUser;
import dev.tocsin.event.OrganizationId;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ErasedFilesTest {
  private static final DeclaredOrganization ACME = declared(1, "Acme");
  private static final DeclaredOrganization BOLT = declared(2, "Bolt");

  private final Set<OrganizationId> erased = new HashSet<>();

  @Test
  void a_file_is_told_of_when_what_it_declares_was_erased_before_or_is_erased_later() {
    erased.add(ACME.id());
    ErasedFiles files = files();
    assertThat(files.warnings())
        .containsExactly("1 files declare organizations that were erased: the log says which");

    erased.add(BOLT.id());
    files.refresh();

    assertThat(files.warnings())
        .containsExactly("2 files declare organizations that were erased: the log says which");
    assertThat(files.others()).isEmpty();
  }

  @Test
  void the_greeting_names_those_that_are_there() {
    assertThat(files().warnings()).isEmpty();
    erased.add(ACME.id());

    assertThat(Greeting.of("127.0.0.1", 7070, files().others()))
        .isEqualTo(
            """

            Tocsin is ready.
              address       http://127.0.0.1:7070
              organization  00000000-0000-0000-0000-000000000002  Bolt
                access key  bolt-key  ops

            """);
  }

  private ErasedFiles files() {
    return new ErasedFiles(List.of(ACME, BOLT), ids -> Set.copyOf(erased));
  }

  private static DeclaredOrganization declared(long id, String name) {
    return new DeclaredOrganization(
        name + ".yaml:2",
        new OrganizationId(new UUID(0, id)),
        name,
        ZoneId.of("UTC"),
        null,
        List.of(new ServiceUser("ops", "bolt-key", "s", List.of("administrator"))),
        List.of(),
        DeclaredOrganization.Catalog.OF_THE_SYSTEM);
  }
}
