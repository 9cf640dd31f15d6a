package dev.tocsin.api;

import dev.tocsin.api.Contract.Operation;
import dev.tocsin.api.Contract.Parameter;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a request by the contract, told as everything else that is wrong with it.
 *
 * <p>Who reads a request knows more than a schema and words it better, so the contract has the last
 * word about what is accepted, and the first about nothing: it is heard where nobody else found
 * anything.
 */
final class ContractFlaws {
  private static final String JSON = "application/json";

  private ContractFlaws() {}

  /** What is wrong with a body that is an object; nothing where the contract has no body. */
  static List<Flaw> ofBody(Operation operation, Map<String, @Nullable Object> values) {
    Shape shape = operation.bodies().get(JSON);
    return shape == null
        ? List.of()
        : shape.breaches(values).stream()
            .<Flaw>map(breach -> new Flaw.InBody(breach.pointer(), message(breach)))
            .toList();
  }

  /** What is wrong with a query; parameters that the contract does not have are not looked at. */
  static List<Flaw> ofQuery(Operation operation, Map<String, List<String>> parameters) {
    List<Flaw> flaws = new ArrayList<>();
    for (Parameter parameter : operation.query().values()) {
      Collection<String> values = parameters.getOrDefault(parameter.name(), List.of());
      for (Breach breach : parameter.breaches(values)) {
        flaws.add(new Flaw.InQuery(parameter.name(), message(breach)));
      }
    }
    return flaws;
  }

  /** What was found, and of what the contract says that which is about other places. */
  static List<Flaw> joined(List<Flaw> found, List<Flaw> contract) {
    List<Flaw> all = new ArrayList<>(found);
    contract.stream()
        .filter(flaw -> all.stream().noneMatch(other -> meet(place(other), place(flaw))))
        .forEach(all::add);
    return all;
  }

  /** Whether one is the other, or within it. */
  private static boolean meet(String one, String other) {
    return one.equals(other) || one.startsWith(other + "/") || other.startsWith(one + "/");
  }

  private static String place(Flaw flaw) {
    return switch (flaw) {
      case Flaw.InBody body -> body.pointer();
      case Flaw.InCalculation calculation -> calculation.pointer();
      case Flaw.InQuery query -> query.parameter();
      case Flaw.InHeader header -> header.header();
    };
  }

  private static String message(Breach breach) {
    return switch (breach.keyword()) {
      case "required" -> "is required";
      case "type" -> "must be " + types(breach.expected());
      case "enum" -> "must be one of " + listed(breach.expected());
      case "maxLength" -> "may have " + breach.expected() + " characters";
      case "minLength" -> "must have " + breach.expected() + " characters at least";
      case "maximum" -> "must be " + breach.expected() + " at most";
      case "minimum" -> "must be " + breach.expected() + " at least";
      case "maxItems" -> "may have " + breach.expected() + " items";
      case "minItems" -> "must have " + breach.expected() + " items at least";
      case "uniqueItems" -> "must not have the same twice";
      case "additionalProperties" -> "is not known here";
      case "pattern" -> "must be of the form " + breach.expected();
      case "format" -> "must be a " + breach.expected();
      default -> "is not as the contract has it: " + breach.keyword();
    };
  }

  private static String types(Object expected) {
    return expected instanceof JsonArray several
        ? several.stream()
            .filter(type -> !type.equals("null"))
            .map(ContractFlaws::type)
            .collect(Collectors.joining(" or "))
        : type(expected);
  }

  /** As the messages of those who read requests name them. */
  private static String type(Object name) {
    return switch (name.toString()) {
      case "string" -> "a text";
      case "integer" -> "a whole number";
      case "number" -> "a number";
      case "boolean" -> "true or false";
      case "array" -> "an array";
      case "object" -> "an object";
      default -> name.toString();
    };
  }

  private static String listed(Object expected) {
    return expected instanceof JsonArray several
        ? several.stream().map(String::valueOf).collect(Collectors.joining(", "))
        : expected.toString();
  }
}
