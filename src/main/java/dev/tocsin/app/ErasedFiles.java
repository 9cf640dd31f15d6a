package dev.tocsin.app;

import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.event.OrganizationId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that declare organizations which were erased, before the server started or since: what
 * an operator has to do something about, though the server works.
 */
final class ErasedFiles {
  private static final Logger log = LoggerFactory.getLogger(ErasedFiles.class);

  private final List<DeclaredOrganization> declared;
  private final List<OrganizationId> ids;
  private final Function<Collection<OrganizationId>, Set<OrganizationId>> look;
  private volatile Set<OrganizationId> erased;

  /**
   * What these files declare, of which those that are erased by now were told of already.
   *
   * @param look tells those that are erased
   */
  ErasedFiles(
      List<DeclaredOrganization> declared,
      Function<Collection<OrganizationId>, Set<OrganizationId>> look) {
    this.declared = List.copyOf(declared);
    this.ids = declared.stream().map(DeclaredOrganization::id).toList();
    this.look = look;
    this.erased = Set.copyOf(look.apply(ids));
  }

  /** Looks again, and logs what is new. */
  void refresh() {
    Set<OrganizationId> before = erased;
    erased = Set.copyOf(look.apply(ids));
    declared.stream()
        .filter(one -> erased.contains(one.id()) && !before.contains(one.id()))
        .forEach(one ->
            log.error(
                "organization erased that a file declares file={} organization={}: remove the"
                    + " file, or give what it declares another id",
                one.place(),
                one.id()));
  }

  /** How many there are; whoever may ask for the health need not know of organizations. */
  List<String> warnings() {
    return erased.isEmpty()
        ? List.of()
        : List.of(
            erased.size() + " files declare organizations that were erased: the log says which");
  }

  /** The organizations that files declare and that are there. */
  List<DeclaredOrganization> others() {
    return declared.stream().filter(one -> !erased.contains(one.id())).toList();
  }
}
