package dev.tocsin.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The forms that m3ter's clients expect of answers, as {@code api/m3ter/forms.json} has them. What
 * is compared is ours alone: the contract of this server has no part in it.
 */
record M3terForms(JsonObject forms) {
  /** What of a value is not as a form has it. */
  List<String> flaws(String form, @Nullable Object value) {
    List<String> flaws = new ArrayList<>();
    checkForm("", form, value, flaws);
    return flaws;
  }

  private void checkForm(String place, String form, @Nullable Object value, List<String> flaws) {
    if (!(value instanceof JsonObject object)) {
      flaws.add(place + " is no " + form + ": " + value);
      return;
    }
    for (Map.Entry<String, Object> field : forms.getJsonObject(form)) {
      String at = place + "/" + field.getKey();
      String type = (String) field.getValue();
      boolean isRequired = type.endsWith("!");
      if (object.containsKey(field.getKey())) {
        check(
            at,
            isRequired ? type.substring(0, type.length() - 1) : type,
            object.getValue(field.getKey()),
            flaws);
      } else if (isRequired) {
        flaws.add(at + " is missing");
      }
    }
  }

  private void check(String at, String type, @Nullable Object value, List<String> flaws) {
    if (forms.containsKey(type)) {
      checkForm(at, type, value, flaws);
    } else if (type.startsWith("[") && value instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        check(at + "/" + i, inner(type), array.getValue(i), flaws);
      }
    } else if (type.startsWith("{") && value instanceof JsonObject object) {
      object.forEach(
          member -> check(at + "/" + member.getKey(), inner(type), member.getValue(), flaws));
    } else if (Arrays.stream(type.split("\\|", -1)).noneMatch(one -> isOf(one, value))) {
      flaws.add(at + " must be " + type + " and is " + value);
    }
  }

  private static String inner(String type) {
    return type.substring(1, type.length() - 1);
  }

  private static boolean isOf(String type, @Nullable Object value) {
    if (type.startsWith("[") || type.startsWith("{")) {
      return false;
    }
    if (type.startsWith("enum ")) {
      return List.of(type.substring("enum ".length()).split(" ", -1)).contains(value);
    }
    return switch (type) {
      case "null" -> value == null;
      case "string" -> value instanceof String;
      case "boolean" -> value instanceof Boolean;
      case "integer" -> value instanceof Integer || value instanceof Long;
      case "object" -> value instanceof JsonObject;
      case "uuid" ->
          value instanceof String text && text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
      case "date-time" -> value instanceof String text && isDateTime(text);
      case "base64" -> value instanceof String text && isBase64(text);
      default -> throw new IllegalArgumentException("no such type: " + type);
    };
  }

  private static boolean isDateTime(String text) {
    try {
      return OffsetDateTime.parse(text).toString().length() > 10;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static boolean isBase64(String text) {
    try {
      return Base64.getDecoder().decode(text).length > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
