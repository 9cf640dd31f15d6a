package dev.tocsin.app;

import dev.tocsin.config.Applied;
import dev.tocsin.config.Applied.Refused;
import dev.tocsin.config.DeclaredFiles;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.event.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Has the database say what the organizations' files say, at the start and whenever they change,
 * and follows which of the organizations were erased. Files that something is wrong with, and what
 * stands in the way of them, do not keep the server from its work: it goes on with what they said
 * before.
 *
 * <p>For one thread at a time.
 */
final class Declarations {
  /** What stands in the way may be taken away through the API. */
  static final Duration RETRY_EVERY = Duration.ofMinutes(1);

  /** An organization is erased once. */
  static final Duration LOOK_FOR_ERASED_EVERY = Duration.ofSeconds(2);

  private final Store store;
  private final Supplier<Optional<DeclaredFiles>> watch;
  private final InstantSource clock;
  private final DeclarationReport report;
  private List<DeclaredOrganization> declared = List.of();

  /** What was handed to the database last of each, whatever came of it. */
  private final Map<OrganizationId, DeclaredOrganization> settled = new HashMap<>();

  private final Set<OrganizationId> conflicting = new HashSet<>();
  private Set<OrganizationId> erased = Set.of();
  private Instant retryAt = Instant.MIN;
  private Instant lookForErasedAt = Instant.MIN;

  /**
   * What keeps organizations.
   *
   * @param declare makes it say what is declared
   * @param erased tells those of some that were erased
   * @param forget has nobody on this node go by what some were before: whether this node changed
   *     them or another did by the same files
   */
  record Store(
      Function<List<DeclaredOrganization>, Applied> declare,
      Function<Collection<OrganizationId>, Set<OrganizationId>> erased,
      Consumer<Collection<OrganizationId>> forget) {
    Store {
      Objects.requireNonNull(declare);
      Objects.requireNonNull(erased);
      Objects.requireNonNull(forget);
    }
  }

  /**
   * Nothing applied yet.
   *
   * @param watch tells what the files say when that is another thing than before
   */
  Declarations(
      Store store,
      Supplier<Optional<DeclaredFiles>> watch,
      InstantSource clock,
      DeclarationReport report) {
    this.store = store;
    this.watch = watch;
    this.clock = clock;
    this.report = report;
  }

  /** Applies what the files say at the start, when nothing is wrong with any. */
  void start(DeclaredFiles files) {
    take(files);
    applyPending();
    lookForErased();
  }

  /** One look at the files, and what is to be done about them. */
  void runOnce() {
    watch.get().ifPresent(this::take);
    if (!conflicting.isEmpty() && !clock.instant().isBefore(retryAt)) {
      settled.keySet().removeAll(conflicting);
    }
    applyPending();
    if (!clock.instant().isBefore(lookForErasedAt)) {
      lookForErased();
    }
  }

  private void take(DeclaredFiles files) {
    report.read(files);
    if (!files.problems().isEmpty()) {
      return;
    }
    Set<OrganizationId> ids =
        files.organizations().stream().map(DeclaredOrganization::id).collect(Collectors.toSet());
    declared.stream().filter(one -> !ids.contains(one.id())).forEach(report::gone);
    files.organizations().forEach(report::there);
    declared = files.organizations();
    settled.keySet().retainAll(ids);
    settled.keySet().removeAll(conflicting);
    conflicting.retainAll(ids);
    report.retain(ids);
  }

  /** Only what changed: of the others the database says what their files say already. */
  private void applyPending() {
    List<DeclaredOrganization> pending =
        declared.stream().filter(one -> !one.saysAs(settled.get(one.id()))).toList();
    if (pending.isEmpty()) {
      report.nothingPending();
      return;
    }
    Applied applied = declare(pending);
    pending.forEach(one -> {
      settled.put(one.id(), one);
      conflicting.remove(one.id());
    });
    applied.conflicts().stream().map(Refused::organization).forEach(conflicting::add);
    retryAt = clock.instant().plus(RETRY_EVERY);
    report.applied(pending, applied);
    store.forget().accept(pending.stream().map(DeclaredOrganization::id).toList());
  }

  private Applied declare(List<DeclaredOrganization> pending) {
    try {
      return store.declare().apply(pending);
    } catch (RuntimeException e) {
      report.notApplied();
      throw e;
    }
  }

  private void lookForErased() {
    erased = store.erased().apply(declared.stream().map(DeclaredOrganization::id).toList());
    report.erased(declared.stream().filter(one -> erased.contains(one.id())).toList());
    lookForErasedAt = clock.instant().plus(LOOK_FOR_ERASED_EVERY);
  }

  /** The organizations that files declare and that are there. */
  List<DeclaredOrganization> organizations() {
    return declared.stream().filter(one -> !erased.contains(one.id())).toList();
  }
}
