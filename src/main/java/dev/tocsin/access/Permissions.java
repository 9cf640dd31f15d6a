package dev.tocsin.access;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What somebody may do, by all statements of all his policies together. What no statement allows is
 * not permitted, and what any denies is not, whatever allows it.
 *
 * <p>Thread-safe.
 */
public final class Permissions {
  /** Of somebody without any policy. */
  public static final Permissions NONE = of(List.of());

  private final List<Rule> allowing;
  private final List<Rule> denying;
  private final Map<Question, Decision> decisions = new ConcurrentHashMap<>();
  private final HiddenEvents hiddenEvents;

  /** A statement, understood. */
  private record Rule(Effect effect, Set<Action> actions, List<ResourceName> resources) {
    static Rule of(Statement statement) {
      return new Rule(
          Objects.requireNonNull(Effect.of(statement.effect()), statement.effect()),
          statement.actions().stream()
              .map(text -> Objects.requireNonNull(Action.of(text), text))
              .collect(Collectors.toUnmodifiableSet()),
          statement.resources().stream()
              .map(text -> Objects.requireNonNull(ResourceName.of(text), text))
              .toList());
    }

    boolean isAbout(Action action) {
      return actions.stream().anyMatch(one -> one.includes(action));
    }
  }

  private record Question(Action action, Kind kind) {}

  /**
   * What statements of one effect say of a question: it is about the whole kind, or these items.
   */
  private record Scope(boolean isWhole, Set<String> items) {
    boolean covers(String id) {
      return isWhole || items.contains(id);
    }
  }

  private record Decision(Scope allowed, Scope denied) {}

  private Permissions(List<Rule> rules) {
    this.allowing = rules.stream().filter(rule -> rule.effect() == Effect.ALLOW).toList();
    this.denying = rules.stream().filter(rule -> rule.effect() == Effect.DENY).toList();
    this.hiddenEvents = hidden(denying);
  }

  /** The permissions that statements give which were found right when they were saved. */
  public static Permissions of(Collection<Statement> statements) {
    return new Permissions(statements.stream().map(Rule::of).toList());
  }

  /** Whether an action is permitted on a kind of resource, but for single ones that are denied. */
  public boolean permit(Action action, Kind kind) {
    Decision decision = decision(action, kind);
    return decision.allowed().isWhole() && !decision.denied().isWhole();
  }

  /** Whether an action is permitted on a kind of resource without exception. */
  public boolean permitAll(Action action, Kind kind) {
    return permit(action, kind) && deniedItems(action, kind).isEmpty();
  }

  /** Whether an action is permitted on the resource of a kind that has this id. */
  public boolean permit(Action action, Kind kind, String id) {
    Decision decision = decision(action, kind);
    String item = id.toLowerCase(Locale.ROOT);
    return decision.allowed().covers(item) && !decision.denied().covers(item);
  }

  /** The ids that an action is denied on, beside what is said of the whole kind. */
  public Set<String> deniedItems(Action action, Kind kind) {
    return decision(action, kind).denied().items();
  }

  /** The events that stay hidden from somebody who may see events. */
  public HiddenEvents hiddenEvents() {
    return hiddenEvents;
  }

  private Decision decision(Action action, Kind kind) {
    return decisions.computeIfAbsent(
        new Question(action, kind),
        asked -> new Decision(scope(allowing, asked), scope(denying, asked)));
  }

  private static Scope scope(List<Rule> rules, Question question) {
    List<ResourceName> names =
        resources(rules, question.action()).filter(name -> name.concerns(question.kind())).toList();
    // Ids of what we have ourselves are UUIDs, whose capitals mean nothing.
    Set<String> items =
        names.stream()
            .map(ResourceName::item)
            .filter(Objects::nonNull)
            .map(item -> item.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    return new Scope(names.stream().anyMatch(name -> name.item() == null), items);
  }

  private static Stream<ResourceName> resources(List<Rule> rules, Action action) {
    return rules.stream()
        .filter(rule -> rule.isAbout(action))
        .flatMap(rule -> rule.resources().stream());
  }

  /** Ids of entities are their owners' and stay as they are, ours are compared without capitals. */
  private static HiddenEvents hidden(List<Rule> denying) {
    Set<String> names = new HashSet<>();
    resources(denying, Action.CONFIG_RETRIEVE)
        .filter(ResourceName::isOurs)
        .forEach(name -> {
          String type = name.type();
          String item = name.item();
          if (type == null || (type.equals(Kind.EVENT.text()) && item == null)) {
            names.add(HiddenEvents.ALL);
          } else {
            names.add(item == null ? type : type + "/" + spelled(type, item));
          }
        });
    return new HiddenEvents(names);
  }

  private static String spelled(String type, String item) {
    // An entity is named like an organization of ours, and its ids are its owner's.
    boolean isOurs =
        Stream.of(Kind.values())
            .anyMatch(kind -> kind != Kind.ORGANIZATION && kind.text().equals(type));
    return isOurs ? item.toLowerCase(Locale.ROOT) : item;
  }
}
