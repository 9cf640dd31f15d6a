package dev.tocsin.faults;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Mistakes that servers can be given on purpose, to see that campaigns find them. */
enum Spoiled {
  /** Events are committed though the rules they were judged by were changed meanwhile. */
  RULES("ledger", "r.version = u.version for share", "r.version >= u.version for share"),
  /** The ids of senders are not remembered, so what is sent again is stored again. */
  KEYS("ledger", "where k.key_digest is not null\n  order by", "where false\n  order by"),
  /** Events are committed though the state that they changed was changed meanwhile. */
  STATES("ledger", "i.derived and h.actual is distinct from h.assumed", "i.derived and false"),
  /** Claims of deliveries do not move the fence, so the outcomes of lost leases count. */
  FENCE("integration_run", "fence = r.fence + 1,", "fence = r.fence,"),
  /** Deliveries are claimed though another node's lease is not over. */
  LEASES(
      "integration_run",
      "where r.due_at <= now() and r.org",
      "where r.due_at < 'infinity' and r.org");

  private final String file;
  private final String right;
  private final String wrong;

  /**
   * A mistake.
   *
   * @param table whose statements have it
   */
  Spoiled(String table, String right, String wrong) {
    this.file = "sql/" + table + ".sql";
    this.right = right;
    this.wrong = wrong;
  }

  /** Writes the statements with the mistake; answers what comes first on the class path. */
  Path write(Path home) throws IOException {
    String sql;
    try (InputStream in = Spoiled.class.getResourceAsStream("/" + file)) {
      if (in == null) {
        throw new IOException("there is no " + file);
      }
      sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (!sql.contains(right)) {
      throw new IOException(file + " has no \"" + right + "\" to be spoiled");
    }
    Path root = home.resolve("spoiled");
    Path written = root.resolve(file);
    Files.createDirectories(written.getParent());
    Files.writeString(written, sql.replace(right, wrong));
    return root;
  }
}
