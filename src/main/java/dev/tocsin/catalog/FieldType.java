package dev.tocsin.catalog;

/** What a field of an entity holds, as the catalog and the API spell it. */
public enum FieldType {
  STRING("string"),
  BOOLEAN("boolean"),
  INT("int"),
  LONG("long"),
  DOUBLE("double"),
  DATE("date"),
  DATE_TIME("date-time"),
  MAP("map"),
  ARRAY("array");

  private final String text;

  FieldType(String text) {
    this.text = text;
  }

  /** The type so spelled; the caller has it from our own catalog. */
  static FieldType of(String text) {
    for (FieldType type : values()) {
      if (type.text.equals(text)) {
        return type;
      }
    }
    throw new IllegalStateException("no field type is spelled " + text);
  }

  /** What lists of fields call it: of dates they only tell that they are texts. */
  public String listed() {
    return isDate() ? STRING.text : text;
  }

  /** Whether such a field holds a date or a date with time. */
  boolean isDate() {
    return this == DATE || this == DATE_TIME;
  }
}
