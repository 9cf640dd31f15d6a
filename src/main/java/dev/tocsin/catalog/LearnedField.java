package dev.tocsin.catalog;

import java.time.Instant;
import java.util.Objects;

/**
 * A field that events were seen to have.
 *
 * @param subject the entity that has it, or the name of the events, when they are about none
 * @param path its name; of a field within an object the names of both, with a dot between
 * @param type the narrowest that fits every value it was seen to have
 * @param firstSeen when an event first had it
 * @param lastSeen when an event last had it, as coarsely as the server notes it
 */
public record LearnedField(
    String subject, String path, FieldType type, Instant firstSeen, Instant lastSeen) {
  public LearnedField {
    Objects.requireNonNull(subject);
    Objects.requireNonNull(path);
    Objects.requireNonNull(type);
    Objects.requireNonNull(firstSeen);
    Objects.requireNonNull(lastSeen);
  }
}
