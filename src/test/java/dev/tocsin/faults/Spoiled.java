package dev.tocsin.faults;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Mistakes that servers can be given on purpose, to see that campaigns find them. */
enum Spoiled {
  /** Events are committed though the rules they were judged by were changed meanwhile. */
  RULES("r.version = u.version for share", "r.version >= u.version for share"),
  /** The ids of senders are not remembered, so what is sent again is stored again. */
  KEYS("where k.key_digest is not null\n  order by", "where false\n  order by");

  private static final String FILE = "sql/ledger.sql";

  private final String right;
  private final String wrong;

  Spoiled(String right, String wrong) {
    this.right = right;
    this.wrong = wrong;
  }

  /** Writes the statements with the mistake; answers what comes first on the class path. */
  Path write(Path home) throws IOException {
    String sql;
    try (InputStream in = Spoiled.class.getResourceAsStream("/" + FILE)) {
      if (in == null) {
        throw new IOException("there is no " + FILE);
      }
      sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (!sql.contains(right)) {
      throw new IOException(FILE + " has no \"" + right + "\" to be spoiled");
    }
    Path root = home.resolve("spoiled");
    Path file = root.resolve(FILE);
    Files.createDirectories(file.getParent());
    Files.writeString(file, sql.replace(right, wrong));
    return root;
  }
}
