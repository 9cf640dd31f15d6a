package dev.tocsin.access;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which resources a statement is about, m3ter's resource identifier: {@code *}, {@code service:*},
 * {@code service:type/*}, {@code service:type/item/*} or {@code service:type/item/id}.
 *
 * @param service in lower case; null for all
 * @param type in lower case; null for all
 * @param item the id of the only one, as it was written; null for all of the type
 */
public record ResourceName(@Nullable String service, @Nullable String type, @Nullable String item) {
  /** Every resource there is. */
  private static final ResourceName EVERYTHING = new ResourceName(null, null, null);

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z]+):(?:\\*|([A-Za-z0-9_-]+)/(?:\\*|item/(.+)))");

  /** Where what we have belongs to; billing is where m3ter has some of the entities. */
  private static final List<String> OURS = List.of("config", "billing");

  /** The name so spelled; null when it has another form. */
  public static @Nullable ResourceName of(String text) {
    if (text.equals("*")) {
      return EVERYTHING;
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return null;
    }
    String item = form.group(3);
    return new ResourceName(
        lower(form.group(1)), lower(form.group(2)), "*".equals(item) ? null : item);
  }

  private static @Nullable String lower(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }

  /** Whether it names something that this server has. */
  boolean isOurs() {
    return service == null || OURS.contains(service);
  }

  /** Whether it names resources of a kind, be it one of them only. */
  boolean concerns(Kind kind) {
    return isOurs() && (type == null || type.equals(kind.text()));
  }
}
