package dev.tocsin.app;

import dev.tocsin.config.Applied;
import dev.tocsin.config.Applied.Change;
import dev.tocsin.config.Applied.Item;
import dev.tocsin.config.Applied.Refused;
import dev.tocsin.config.Applied.What;
import dev.tocsin.config.DeclaredFiles;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.Problem;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.spelling.Counted;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator what becomes of the organizations' files: each thing once in the log, and what
 * he has to do in the health and the meters until it is done. Whoever may ask for the health need
 * not know of organizations, so it has numbers only.
 */
final class DeclarationReport {
  private static final Logger log = LoggerFactory.getLogger(DeclarationReport.class);

  /** So that what came of a large file is a line that can be read. */
  private static final int NAMES_MAX = 50;

  private final InstantSource clock;
  private final Counter applied;
  private final Counter refused;
  private final Set<OrganizationId> gone = new HashSet<>();
  private List<Problem> warnings = List.of();
  private volatile Standing wrong = new Standing(List.of(), Instant.MIN);
  private volatile Map<OrganizationId, Standing> conflicts = Map.of();
  private volatile Set<OrganizationId> erased = Set.of();
  private volatile boolean isPending;

  /** Problems, and since when there have been any. */
  private record Standing(List<Problem> problems, Instant since) {
    Standing {
      problems = Problem.inOrder(problems);
    }
  }

  /** Nothing to tell yet. */
  DeclarationReport(InstantSource clock, MeterRegistry meters) {
    this.clock = clock;
    this.applied = meters.counter("tocsin.files.applied");
    this.refused = meters.counter("tocsin.files.refused");
    Gauge.builder("tocsin.files.problems", this, DeclarationReport::problems)
        .strongReference(true)
        .register(meters);
  }

  private double problems() {
    return wrong.problems().size()
        + conflicts.values().stream().mapToInt(one -> one.problems().size()).sum();
  }

  /** Files were read, of which nothing is to be applied if there is any problem. */
  void read(DeclaredFiles files) {
    if (!files.warnings().equals(warnings)) {
      warnings = files.warnings();
      warnings.forEach(warning -> log.warn("declared, and probably a mistake: {}", warning));
    }
    Standing before = wrong;
    List<Problem> problems = files.problems();
    if (problems.isEmpty()) {
      if (!before.problems().isEmpty()) {
        log.info("nothing is wrong with the organizations' files any more");
      }
      wrong = new Standing(problems, Instant.MIN);
    } else if (!problems.equals(before.problems())) {
      refused.increment();
      problems.forEach(problem -> log.error("wrong in the organizations' files: {}", problem));
      log.error(
          "the organizations' files are not applied, what they said before goes on problems={}",
          problems.size());
      wrong =
          new Standing(problems, before.problems().isEmpty() ? clock.instant() : before.since());
    }
  }

  /** A file that there was is not there any more. */
  void gone(DeclaredOrganization declared) {
    gone.add(declared.id());
    log.warn(
        "the organization is declared no more, it stays as it is organization={} file={}",
        declared.id(),
        declared.place());
  }

  /** A file declares it, which is told only if there was none any more. */
  void there(DeclaredOrganization declared) {
    if (gone.remove(declared.id())) {
      log.info(
          "the organization is declared again organization={} file={}",
          declared.id(),
          declared.place());
    }
  }

  /** What is told of organizations is of these from now on. */
  void retain(Set<OrganizationId> declared) {
    Map<OrganizationId, Standing> kept = new LinkedHashMap<>(conflicts);
    kept.keySet().retainAll(declared);
    conflicts = Map.copyOf(kept);
  }

  /** The database could not be asked to apply something, which is tried again. */
  void notApplied() {
    isPending = true;
  }

  /** All that files say was handed to the database. */
  void nothingPending() {
    isPending = false;
  }

  /** These were applied, as far as nothing stood in the way. */
  void applied(List<DeclaredOrganization> organizations, Applied outcome) {
    nothingPending();
    outcome.changes().forEach(DeclarationReport::tell);
    applied.increment(outcome.changes().size());
    Map<OrganizationId, List<Problem>> standing =
        outcome.conflicts().stream()
            .collect(
                Collectors.groupingBy(
                    Refused::organization,
                    LinkedHashMap::new,
                    Collectors.mapping(Refused::problem, Collectors.toList())));
    Map<OrganizationId, Standing> next = new LinkedHashMap<>(conflicts);
    for (DeclaredOrganization one : organizations) {
      Standing before = next.remove(one.id());
      List<Problem> problems = standing.get(one.id());
      if (problems != null) {
        next.put(one.id(), conflict(before, problems));
      } else if (before != null) {
        log.info(
            "nothing stands in the way of the organization's file any more organization={}",
            one.id());
      }
    }
    conflicts = Map.copyOf(next);
    outcome.erased().forEach(one -> log.error("organization not declared: {}", one.problem()));
    erased =
        Stream.concat(erased.stream(), outcome.erased().stream().map(Refused::organization))
            .collect(Collectors.toUnmodifiableSet());
  }

  private Standing conflict(@Nullable Standing before, List<Problem> problems) {
    if (before == null || !before.problems().equals(problems)) {
      refused.increment();
      problems.forEach(problem -> log.error("organization not declared: {}", problem));
    }
    return new Standing(problems, before == null ? clock.instant() : before.since());
  }

  private static void tell(Change change) {
    log.info(
        "declared organization={} ruleSetVersion={} made={} changed={} removed={} items=\"{}\"",
        change.organization(),
        change.ruleSetVersion(),
        count(change, What.MADE),
        count(change, What.CHANGED),
        count(change, What.REMOVED),
        names(change.items()));
  }

  private static long count(Change change, What what) {
    return change.items().stream().filter(item -> item.what() == what).count();
  }

  private static String names(List<Item> items) {
    String names =
        items.stream().limit(NAMES_MAX).map(Item::toString).collect(Collectors.joining(", "));
    return items.size() <= NAMES_MAX
        ? names
        : names + " and " + (items.size() - NAMES_MAX) + " more";
  }

  /** These are declared and erased, by now. */
  void erased(List<DeclaredOrganization> organizations) {
    organizations.stream()
        .filter(one -> !erased.contains(one.id()))
        .forEach(one ->
            log.error(
                "organization erased that a file declares file={} organization={}: remove the"
                    + " file, or give what it declares another id",
                one.place(),
                one.id()));
    erased =
        organizations.stream()
            .map(DeclaredOrganization::id)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** What the operator has to do something about; mostly nothing. */
  List<String> degraded() {
    List<String> all = new ArrayList<>();
    Standing bad = wrong;
    if (!bad.problems().isEmpty()) {
      all.add(
          Counted.of(bad.problems().size(), "problem")
              + " in the organizations' files since "
              + seconds(bad.since())
              + ", of which nothing is applied: the log says what");
    }
    Map<OrganizationId, Standing> standing = conflicts;
    standing.values().stream()
        .map(Standing::since)
        .min(Comparator.naturalOrder())
        .ifPresent(since ->
            all.add(
                "the files of "
                    + Counted.of(standing.size(), "organization")
                    + " are not applied since "
                    + seconds(since)
                    + ", in conflict with what is in the database: the log says how"));
    if (isPending) {
      all.add("what the organizations' files say is not applied yet: the log says why");
    }
    if (!erased.isEmpty()) {
      all.add(
          Counted.of(erased.size(), "organization")
              + " declared by files after being erased: the log says which");
    }
    return all;
  }

  private static Instant seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }
}
