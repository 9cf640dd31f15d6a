package dev.tocsin.api;

/** Writes who made and last changed a resource, as every resource shows it. */
final class AuditJson {
  private AuditJson() {}

  static JsonText append(JsonText out, Audit audit) {
    return out.number("version", audit.version())
        .text("dtCreated", audit.created().toString())
        .text("dtLastModified", audit.lastModified().toString())
        .text("createdBy", audit.createdBy())
        .text("lastModifiedBy", audit.lastModifiedBy());
  }
}
