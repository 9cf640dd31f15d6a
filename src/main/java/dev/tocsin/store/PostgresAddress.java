package dev.tocsin.store;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Where a PostgreSQL is, and as whom to speak to it.
 *
 * @param schema the schema that holds our tables; made if it is missing
 * @param sslMode as in libpq: {@code disable}, {@code prefer}, {@code require}, …
 */
public record PostgresAddress(
    String host,
    int port,
    String database,
    String user,
    String password,
    String schema,
    String sslMode) {
  private static final String SCHEMA_DEFAULT = "tocsin";
  private static final int PORT_DEFAULT = 5432;
  private static final Set<String> SCHEMES = Set.of("postgresql", "postgres");

  public PostgresAddress {
    Objects.requireNonNull(host);
    Objects.requireNonNull(database);
    Objects.requireNonNull(user);
    Objects.requireNonNull(password);
    SslMode.of(sslMode);
    if (!schema.matches("[a-z_][a-z0-9_]{0,62}")) {
      throw new IllegalArgumentException(
          "the schema must be lower-case letters, digits and _, not " + schema);
    }
  }

  /**
   * Reads {@code postgresql://user:password@host:port/database?schema=…&sslmode=…}.
   *
   * @throws IllegalArgumentException saying what is wrong, without the password
   */
  public static PostgresAddress parse(String text) {
    URI uri = URI.create(withoutPassword(text));
    require(SCHEMES.contains(String.valueOf(uri.getScheme())), "it must begin with postgresql://");
    require(uri.getHost() != null, "it must name a host");
    require(uri.getPath() != null && uri.getPath().length() > 1, "it must name a database");
    String userInfo = userInfo(text);
    int colon = userInfo.indexOf(':');
    require(colon > 0, "it must have user:password before the host");
    Map<String, String> query = query(uri.getRawQuery() == null ? "" : uri.getRawQuery());
    String schema = query.getOrDefault("schema", SCHEMA_DEFAULT);
    String sslMode = query.getOrDefault("sslmode", "prefer");
    query.keySet().removeAll(Set.of("schema", "sslmode"));
    require(query.isEmpty(), "it must have no parameters but schema and sslmode");
    return new PostgresAddress(
        uri.getHost(),
        uri.getPort() < 0 ? PORT_DEFAULT : uri.getPort(),
        uri.getPath().substring(1),
        decoded(userInfo.substring(0, colon)),
        decoded(userInfo.substring(colon + 1)),
        schema,
        sslMode);
  }

  private static void require(boolean right, String message) {
    if (!right) {
      throw new IllegalArgumentException("the PostgreSQL URI is not right: " + message);
    }
  }

  /** Taken out before anything is parsed, so that no parser's message can show it. */
  private static String withoutPassword(String text) {
    int at = text.lastIndexOf('@');
    int start = text.indexOf("://");
    return at < 0 || start < 0 ? text : text.substring(0, start + 3) + text.substring(at + 1);
  }

  private static String userInfo(String text) {
    int at = text.lastIndexOf('@');
    int start = text.indexOf("://");
    return at < 0 || start < 0 ? "" : text.substring(start + 3, at);
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    for (String part : raw.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        query.put(part.substring(0, equals), decoded(part.substring(equals + 1)));
      } else {
        require(part.isEmpty(), "a parameter must be name=value");
      }
    }
    return query;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** For JDBC, which only the migrations use; the password is given apart. */
  public String jdbcUrl() {
    return "jdbc:postgresql://"
        + host
        + ":"
        + port
        + "/"
        + database
        + "?ApplicationName=tocsin-migrations&sslmode="
        + sslMode;
  }

  /** The options of a pool's connections. */
  PgConnectOptions connectOptions(
      String name, Duration statementTimeout, Map<String, String> session) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(host)
            .setPort(port)
            .setDatabase(database)
            .setUser(user)
            .setPassword(password)
            .setSslMode(SslMode.of(sslMode))
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(200)
            // The default leaves out every statement longer than 2,048 characters.
            .setPreparedStatementCacheSqlFilter(sql -> true);
    if (options.getSslMode() != SslMode.DISABLE) {
      // As libpq does it: these modes encrypt, and only the verify modes look at who answers.
      boolean trustAll =
          Set.of(SslMode.ALLOW, SslMode.PREFER, SslMode.REQUIRE).contains(options.getSslMode());
      options.setSslOptions(new ClientSSLOptions().setTrustAll(trustAll));
    }
    options.addProperty("application_name", "tocsin-" + name);
    options.addProperty("search_path", schema);
    options.addProperty("statement_timeout", statementTimeout.toMillis() + "ms");
    // Compiling our short statements costs a thousand times what it saves.
    options.addProperty("jit", "off");
    session.forEach(options::addProperty);
    return options;
  }

  @Override
  public String toString() {
    return "postgresql://" + user + "@" + host + ":" + port + "/" + database + "?schema=" + schema;
  }
}
