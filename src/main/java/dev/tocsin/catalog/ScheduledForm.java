package dev.tocsin.catalog;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a scheduled event configuration may be, whoever writes one. */
public final class ScheduledForm {
  public static final int NAME_LENGTH_MAX = 200;
  public static final int FIELD_LENGTH_MAX = 100;

  /** A hundred years: what is further away is a mistake. */
  public static final int OFFSET_MAX = 36_500;

  private static final Pattern LAST_PART = Pattern.compile("[A-Za-z0-9_-]+");

  private ScheduledForm() {}

  /** What is wrong with the name of one that is about an entity; null when nothing is. */
  public static @Nullable String faultOfName(String name, String entity) {
    String stem = ScheduledName.FAMILY + "." + entity.toLowerCase(Locale.ROOT) + ".";
    return name.startsWith(stem) && LAST_PART.matcher(name.substring(stem.length())).matches()
        ? null
        : "must be " + stem + " and then letters, digits, _ or -: a name of its own";
  }

  /**
   * What is wrong with a field; null when nothing is.
   *
   * @param dates the fields of the entity that hold a date
   */
  public static @Nullable String faultOfField(String entity, String field, Set<String> dates) {
    if (dates.contains(field)) {
      return null;
    }
    return dates.isEmpty()
        ? entity + " is not known to have a date or date/time field"
        : "must be a date or date/time field of "
            + entity
            + ": one of "
            + String.join(", ", new TreeSet<>(dates));
  }

  /** What is wrong with an offset; null when nothing is. */
  public static @Nullable String faultOfOffset(long offset) {
    return Math.abs(offset) > OFFSET_MAX
        ? "must be a number of days from -" + OFFSET_MAX + " to " + OFFSET_MAX
        : null;
  }
}
