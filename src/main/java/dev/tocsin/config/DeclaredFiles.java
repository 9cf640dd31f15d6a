package dev.tocsin.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What the files of {@code organizations/} say.
 *
 * @param files all that were looked at, in the order of their names
 * @param organizations those of files that nothing is wrong with; to be applied only if there is no
 *     problem at all
 * @param problems everything that is wrong in any of them
 * @param warnings what is probably a mistake, and keeps nothing from being applied
 * @param secrets files that secrets were read from, or could not be
 */
public record DeclaredFiles(
    List<Path> files,
    List<DeclaredOrganization> organizations,
    List<Problem> problems,
    List<Problem> warnings,
    Set<Path> secrets) {
  public DeclaredFiles {
    files = List.copyOf(files);
    organizations = List.copyOf(organizations);
    problems = Problem.inOrder(problems);
    warnings = Problem.inOrder(warnings);
    secrets = Set.copyOf(secrets);
  }
}
