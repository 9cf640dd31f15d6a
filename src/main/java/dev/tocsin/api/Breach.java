package dev.tocsin.api;

import io.vertx.core.json.JsonObject;
import java.util.Objects;

/**
 * Something that is not as the contract has it.
 *
 * @param pointer where (RFC 6901); of something that is missing, where it should be
 * @param keyword what of the schema it breaks, such as {@code type}, {@code required}, {@code
 *     maxLength}
 * @param schema the schema that has the keyword; of something that is missing, its owner's
 */
record Breach(String pointer, String keyword, JsonObject schema) {
  Breach {
    Objects.requireNonNull(pointer);
    Objects.requireNonNull(keyword);
    Objects.requireNonNull(schema);
  }

  /** The value of the keyword: what was expected. */
  Object expected() {
    return Objects.requireNonNull(schema.getValue(keyword), keyword);
  }
}
