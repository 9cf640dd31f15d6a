package dev.tocsin.config;

import dev.tocsin.access.Statement;
import dev.tocsin.access.Vocabulary;
import dev.tocsin.config.DeclaredOrganization.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the permission policies of an organization's file, in the form that the API takes too. */
final class PolicySection {
  /** Longest resource, in characters: an id is the larger part of it. */
  private static final int RESOURCE_LENGTH_MAX = 300;

  private final Vocabulary vocabulary;

  PolicySection(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** The names that service users may have, the built-in one among them. */
  static Set<String> names(List<Policy> policies) {
    Set<String> names =
        policies.stream().map(Policy::name).collect(Collectors.toCollection(TreeSet::new));
    names.add(Policy.ADMINISTRATOR.name());
    return names;
  }

  List<Policy> read(List<YamlMap> policies) {
    Map<String, String> places = new HashMap<>();
    return policies.stream().map(policy -> policy(policy, places)).toList();
  }

  private Policy policy(YamlMap policy, Map<String, String> places) {
    String name = policy.text("name", OrganizationFiles.TEXT_LENGTH_MAX);
    String other = name.isEmpty() ? null : places.putIfAbsent(name, policy.place("name"));
    if (other != null) {
      policy.problem("name", "is used already, in " + other);
    }
    if (name.equals(Policy.ADMINISTRATOR.name())) {
      policy.problem("name", "is the name of the one that is built in");
    }
    List<YamlMap> statements = policy.maps("permissionPolicy");
    if (statements.isEmpty()) {
      policy.problem("permissionPolicy", "a policy must have a statement");
    }
    Policy declared = new Policy(name, statements.stream().map(this::statement).toList());
    policy.refuseOthers();
    return declared;
  }

  private Statement statement(YamlMap statement) {
    String effect = statement.text("effect", OrganizationFiles.TEXT_LENGTH_MAX);
    String flaw = effect.isEmpty() ? null : vocabulary.flawOfEffect(effect);
    if (flaw != null) {
      statement.problem("effect", flaw);
    }
    Statement read =
        new Statement(
            effect,
            texts(statement, "action", vocabulary::flawOfAction),
            texts(statement, "resource", vocabulary::flawOfResource));
    statement.refuseOthers();
    return read;
  }

  private static List<String> texts(
      YamlMap statement, String key, Function<String, @Nullable String> flawOf) {
    List<String> texts = new ArrayList<>();
    for (YamlMap.Text text : statement.texts(key, RESOURCE_LENGTH_MAX)) {
      String flaw = flawOf.apply(text.value());
      if (flaw != null) {
        statement.problem(text.place(), key, '"' + text.value() + "\": " + flaw);
      }
      texts.add(text.value());
    }
    if (texts.isEmpty()) {
      statement.problem(key, "a statement must have one");
    }
    return texts;
  }
}
