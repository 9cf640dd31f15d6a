package dev.tocsin.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What an operator's machines ask, without a token: {@code GET /health/live}, {@code GET
 * /health/ready} and {@code GET /metrics}.
 *
 * @param missing what the server still lacks to serve, each named, empty when it is ready; asked on
 *     an event loop, so it must not wait
 * @param degraded what will keep it from serving if nobody does anything about it, each named;
 *     asked likewise
 * @param members the nodes of the cluster, this one included; empty when there is no cluster; asked
 *     likewise
 * @param scrape every meter in Prometheus' text format; asked on a thread that may wait
 */
public record Operations(
    Supplier<List<String>> missing,
    Supplier<List<String>> degraded,
    Supplier<List<Member>> members,
    Supplier<String> scrape) {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  public Operations {
    Objects.requireNonNull(missing);
    Objects.requireNonNull(degraded);
    Objects.requireNonNull(members);
    Objects.requireNonNull(scrape);
  }

  /**
   * A node of the cluster.
   *
   * @param since when it started, by its own clock
   * @param isHeard whether this node heard it on the event bus lately
   */
  public record Member(String node, String address, String since, boolean isHeard) {}

  void mount(RouteTable routes) {
    routes
        .open(HttpMethod.GET, "/health/live")
        .handler(ctx -> Replies.send(ctx, 200, "{\"status\":\"UP\"}"));
    routes.open(HttpMethod.GET, "/health/ready").handler(this::ready);
    routes.open(HttpMethod.GET, "/metrics").handler(this::metrics);
  }

  private void ready(RoutingContext ctx) {
    List<String> lacking = missing.get();
    JsonText out = new JsonText().open().text("status", lacking.isEmpty() ? "UP" : "DOWN");
    append(out, "missing", lacking);
    append(out, "degraded", degraded.get());
    append(out, members.get());
    Replies.send(ctx, lacking.isEmpty() ? 200 : 503, out.close().toString());
  }

  private static void append(JsonText out, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      out.openArray(name);
      texts.forEach(out::item);
      out.closeArray();
    }
  }

  private static void append(JsonText out, List<Member> members) {
    if (!members.isEmpty()) {
      out.openArray("members");
      for (Member member : members) {
        out.open()
            .text("node", member.node())
            .text("address", member.address())
            .text("since", member.since())
            .flag("heard", member.isHeard())
            .close();
      }
      out.closeArray();
    }
  }

  private void metrics(RoutingContext ctx) {
    ctx.vertx()
        .executeBlocking(scrape::get, false)
        .onSuccess(text -> ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, PROMETHEUS).end(text))
        .onFailure(ctx::fail);
  }
}
