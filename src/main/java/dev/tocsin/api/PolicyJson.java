package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.access.ResourceName;
import dev.tocsin.access.Statement;
import dev.tocsin.access.Vocabulary;
import dev.tocsin.api.PermissionPolicy.Content;
import dev.tocsin.catalog.Catalog;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and writes permission policies in m3ter's form. */
final class PolicyJson {
  static final int NAME_LENGTH_MAX = 100;
  static final int STATEMENTS_MAX = 50;
  static final int ACTIONS_MAX = 20;

  /** Most resources of all statements together: events are compared with each that is denied. */
  static final int RESOURCES_MAX = 200;

  static final int TEXT_LENGTH_MAX = 300;

  private final OrganizationCatalogs catalogs;

  PolicyJson(OrganizationCatalogs catalogs) {
    this.catalogs = catalogs;
  }

  /**
   * Reads one.
   *
   * @param before the statements of one that is replaced: it may keep their resources, though there
   *     may be no such entities any more
   */
  Reading<DraftOnEntities<Content>> read(
      Viewer author, JsonProperties properties, Supplier<List<Statement>> before) {
    Catalog catalog = catalogs.of(author.organization());
    Vocabulary vocabulary = Vocabulary.of(catalog, author.hidden());
    Function<String, @Nullable String> flawOfResource =
        text -> {
          String flaw = vocabulary.flawOfResource(text);
          return flaw == null || has(before.get(), text) ? null : flaw;
        };
    String name = properties.text("name", NAME_LENGTH_MAX);
    List<Statement> statements =
        properties.objects("permissionPolicy", STATEMENTS_MAX).stream()
            .map(statement -> statement(vocabulary, flawOfResource, statement))
            .toList();
    int resources = statements.stream().mapToInt(one -> one.resources().size()).sum();
    if (resources > RESOURCES_MAX) {
      properties.flaw(
          "permissionPolicy",
          "may have " + RESOURCES_MAX + " resources in all, and has " + resources);
    }
    return properties.result(() ->
        new DraftOnEntities<>(
            new Content(name, statements), catalog.ownEntitiesCalled(types(statements))));
  }

  private static boolean has(List<Statement> statements, String resource) {
    return statements.stream().anyMatch(one -> one.resources().contains(resource));
  }

  /** The types of resources that statements name, and of which the server has none itself. */
  private static Set<String> types(List<Statement> statements) {
    return statements.stream()
        .flatMap(one -> one.resources().stream())
        .map(ResourceName::of)
        .filter(Objects::nonNull)
        .map(ResourceName::type)
        .filter(type -> type != null && Kind.of(type) == null)
        .collect(Collectors.toSet());
  }

  private static Statement statement(
      Vocabulary vocabulary,
      Function<String, @Nullable String> flawOfResource,
      JsonProperties properties) {
    String effect = properties.text("effect", TEXT_LENGTH_MAX);
    String flaw = effect.isBlank() ? null : vocabulary.flawOfEffect(effect);
    if (flaw != null) {
      properties.flaw("effect", flaw);
    }
    return new Statement(
        effect,
        properties.texts("action", ACTIONS_MAX, TEXT_LENGTH_MAX, vocabulary::flawOfAction),
        properties.texts("resource", RESOURCES_MAX, TEXT_LENGTH_MAX, flawOfResource));
  }

  static void append(JsonText out, PermissionPolicy policy) {
    out.open()
        .text("id", policy.id().toString())
        .text("name", policy.content().name())
        .openArray("permissionPolicy");
    policy.content().statements().forEach(statement -> append(out, statement));
    out.closeArray().flag("managedPolicy", policy.managed());
    AuditJson.append(out, policy.audit()).close();
  }

  private static void append(JsonText out, Statement statement) {
    out.open().text("effect", statement.effect()).openArray("action");
    statement.actions().forEach(out::item);
    out.closeArray().openArray("resource");
    statement.resources().forEach(out::item);
    out.closeArray().close();
  }

  /** An assignment never changes: it is made, and taken back. */
  static void append(JsonText out, PolicyAssignment assignment) {
    out.open()
        .text("id", assignment.id().toString())
        .text("permissionPolicyId", assignment.policy().toString())
        .text("principalId", assignment.serviceUser().toString())
        .text("principalType", "SERVICEUSER");
    AuditJson.append(
            out,
            new Audit(
                1,
                assignment.created(),
                assignment.created(),
                assignment.createdBy(),
                assignment.createdBy()))
        .close();
  }
}
