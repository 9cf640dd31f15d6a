package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.config.Applied;
import dev.tocsin.config.Applied.Change;
import dev.tocsin.config.Applied.Refused;
import dev.tocsin.config.DeclaredFiles;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.DeclaredOrganization.ServiceUser;
import dev.tocsin.config.Problem;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.StoreUnavailable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeclarationsTest {
  private static final DeclaredOrganization ACME = declared(1, "Acme");
  private static final DeclaredOrganization ACME_2 = declared(1, "Acme 2");
  private static final DeclaredOrganization BOLT = declared(2, "Bolt");
  private static final Problem PROBLEM = new Problem("a.yaml:3", "webhooks.code: ops belongs to …");
  private static final String ERASED = " declared by files after being erased: the log says";

  private final List<List<String>> asked = new ArrayList<>();
  private final List<OrganizationId> forgotten = new ArrayList<>();
  private final Set<OrganizationId> conflicting = new HashSet<>();
  private final Set<OrganizationId> erased = new HashSet<>();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private Instant now = Instant.parse("2026-11-27T10:00:00.5Z");
  private final DeclarationReport report = new DeclarationReport(() -> now, meters);
  private @Nullable DeclaredFiles next;
  private boolean isAway;

  private final Declarations declarations =
      new Declarations(
          new Declarations.Store(this::declare, ids -> Set.copyOf(erased), forgotten::addAll),
          this::look,
          () -> now,
          report);

  @Test
  void only_organizations_whose_files_changed_are_applied() {
    declarations.start(files(ACME, BOLT));
    declarations.runOnce();
    change(files(ACME, BOLT));
    change(files(ACME_2, BOLT));

    assertThat(asked).containsExactly(List.of("Acme", "Bolt"), List.of("Acme 2"));
    assertThat(forgotten).containsExactly(ACME.id(), BOLT.id(), ACME.id());
    assertThat(count("tocsin.files.applied")).isEqualTo(3);
    assertThat(report.degraded()).isEmpty();
  }

  @Test
  void files_that_something_is_wrong_with_change_nothing_and_are_told_of_until_they_are_mended() {
    declarations.start(files(ACME));
    change(wrong(ACME_2, PROBLEM, PROBLEM, PROBLEM));
    now = now.plusSeconds(5);
    change(wrong(ACME_2, PROBLEM));

    assertThat(report.degraded())
        .containsExactly(
            "1 problem in the organizations' files since 2026-11-27T10:00:00Z, of which nothing"
                + " is applied: the log says what");
    assertThat(problems()).isEqualTo(1);
    assertThat(count("tocsin.files.refused")).isEqualTo(2);
    assertThat(asked).containsExactly(List.of("Acme"));

    change(files(ACME_2));
    assertThat(report.degraded()).isEmpty();
    assertThat(problems()).isZero();
    assertThat(asked).containsExactly(List.of("Acme"), List.of("Acme 2"));
  }

  @Test
  void what_is_in_conflict_is_tried_again_every_minute_and_when_files_change() {
    conflicting.add(ACME.id());
    declarations.start(files(ACME, BOLT));
    declarations.runOnce();

    assertThat(report.degraded())
        .containsExactly(
            "the files of 1 organization are not applied since 2026-11-27T10:00:00Z, in conflict"
                + " with what is in the database: the log says how");
    assertThat(problems()).isEqualTo(1);
    assertThat(count("tocsin.files.applied")).isEqualTo(1);

    now = now.plus(Declarations.RETRY_EVERY).minusMillis(1);
    declarations.runOnce();
    assertThat(asked).containsExactly(List.of("Acme", "Bolt"));
    now = now.plusMillis(1);
    declarations.runOnce();
    declarations.runOnce();
    assertThat(asked).containsExactly(List.of("Acme", "Bolt"), List.of("Acme"));
    assertThat(count("tocsin.files.refused")).isEqualTo(1);

    conflicting.clear();
    change(files(ACME, declared(2, "Bolt 2")));
    assertThat(asked.getLast()).containsExactly("Acme", "Bolt 2");
    assertThat(report.degraded()).isEmpty();
    assertThat(problems()).isZero();
  }

  /**
   * Applying it would enable links that deliveries disabled, and take back another node's files.
   */
  @Test
  void a_comment_that_moves_lines_is_no_change() {
    declarations.start(files(ACME));
    change(
        files(
            new DeclaredOrganization(
                "acme.yaml:7",
                ACME.id(),
                ACME.name(),
                ACME.timeZone(),
                ACME.retentionDays(),
                ACME.serviceUsers(),
                ACME.policies(),
                ACME.catalog(),
                ACME.rules())));

    assertThat(asked).containsExactly(List.of("Acme"));
  }

  /** Another node, or this one before, may have applied another file meanwhile. */
  @Test
  void a_file_that_goes_leaves_its_organization_and_is_applied_when_it_comes_back() {
    conflicting.add(BOLT.id());
    declarations.start(files(ACME, BOLT));
    change(files());

    assertThat(report.degraded()).isEmpty();
    assertThat(declarations.organizations()).isEmpty();
    conflicting.clear();
    change(files(ACME));
    assertThat(asked).containsExactly(List.of("Acme", "Bolt"), List.of("Acme"));
  }

  @Test
  void a_change_that_the_database_was_not_there_for_is_applied_when_it_is() {
    declarations.start(files(ACME));
    isAway = true;
    assertThatThrownBy(() -> change(files(ACME_2))).isInstanceOf(StoreUnavailable.class);
    assertThat(report.degraded())
        .containsExactly("what the organizations' files say is not applied yet: the log says why");

    isAway = false;
    declarations.runOnce();
    assertThat(asked.getLast()).containsExactly("Acme 2");
    assertThat(report.degraded()).isEmpty();
  }

  @Test
  void a_change_that_was_taken_back_before_it_could_be_applied_is_not_told_of_any_more() {
    declarations.start(files(ACME));
    isAway = true;
    assertThatThrownBy(() -> change(files(ACME_2))).isInstanceOf(StoreUnavailable.class);

    change(files(ACME));
    assertThat(report.degraded()).isEmpty();
    assertThat(asked).containsExactly(List.of("Acme"));
  }

  @Test
  void files_of_organizations_that_were_erased_before_or_later_or_are_added_are_told_of() {
    erased.add(ACME.id());
    declarations.start(files(ACME));
    assertThat(report.degraded()).singleElement().asString().startsWith("1 organization" + ERASED);

    change(files(ACME, BOLT));
    erased.add(BOLT.id());
    now = now.plus(Declarations.LOOK_FOR_ERASED_EVERY);
    declarations.runOnce();
    assertThat(report.degraded()).singleElement().asString().startsWith("2 organizations" + ERASED);

    change(files(BOLT));
    now = now.plus(Declarations.LOOK_FOR_ERASED_EVERY);
    declarations.runOnce();
    assertThat(report.degraded()).singleElement().asString().startsWith("1 organization" + ERASED);
  }

  @Test
  void the_greeting_names_those_that_are_there() {
    erased.add(ACME.id());
    declarations.start(files(ACME, BOLT));

    assertThat(Greeting.of("127.0.0.1", 7070, declarations.organizations()))
        .isEqualTo(
            """

            Tocsin is ready.
              address       http://127.0.0.1:7070
              organization  00000000-0000-0000-0000-000000000002  Bolt
                access key  bolt-key  ops

            """);
  }

  private void change(DeclaredFiles files) {
    next = files;
    declarations.runOnce();
  }

  private Optional<DeclaredFiles> look() {
    Optional<DeclaredFiles> told = Optional.ofNullable(next);
    next = null;
    return told;
  }

  private Applied declare(List<DeclaredOrganization> organizations) {
    if (isAway) {
      throw new StoreUnavailable("away", new IllegalStateException("away"));
    }
    asked.add(organizations.stream().map(DeclaredOrganization::name).toList());
    return new Applied(
        organizations.stream()
            .map(DeclaredOrganization::id)
            .filter(id -> !conflicting.contains(id) && !erased.contains(id))
            .map(id -> new Change(id, 2L, List.of()))
            .toList(),
        refused(organizations, conflicting).toList(),
        refused(organizations, erased).toList());
  }

  private static Stream<Refused> refused(
      List<DeclaredOrganization> organizations, Set<OrganizationId> some) {
    return organizations.stream()
        .map(DeclaredOrganization::id)
        .filter(some::contains)
        .map(id -> new Refused(id, PROBLEM));
  }

  private double count(String meter) {
    return meters.counter(meter).count();
  }

  private double problems() {
    return meters.get("tocsin.files.problems").gauge().value();
  }

  private static DeclaredFiles files(DeclaredOrganization... organizations) {
    return new DeclaredFiles(List.of(), List.of(organizations), List.of(), List.of(), Set.of());
  }

  private static DeclaredFiles wrong(DeclaredOrganization organization, Problem... problems) {
    return new DeclaredFiles(
        List.of(), List.of(organization), List.of(problems), List.of(), Set.of());
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
