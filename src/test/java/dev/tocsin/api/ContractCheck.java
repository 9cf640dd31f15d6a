package dev.tocsin.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.tocsin.process.ApiClient;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.impl.ClientPhase;
import io.vertx.ext.web.client.impl.HttpContext;
import io.vertx.ext.web.client.impl.WebClientInternal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Holds whatever tests are answered against the contract: its status, its headers, and every
 * property of its body must be described. And a request that succeeded must be one that the
 * contract lets through, or it would be stricter than the server.
 */
public final class ContractCheck {
  private static final Contract CONTRACT = Contract.load();
  private static final Shape ERROR = CONTRACT.shapeAt("/components/schemas/Error");
  private static final String JSON = "application/json";

  /** Statuses of requests that never got to an operation, or not to the one they named. */
  private static final List<Integer> BESIDE_OPERATIONS = List.of(405, 414, 431);

  private static final JsonFactory STRICT =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Exchange exchange;
  private final List<String> flaws = new ArrayList<>();

  private ContractCheck(Exchange exchange) {
    this.exchange = exchange;
  }

  /**
   * A request and its answer.
   *
   * @param target path and query, as they were sent
   * @param sent the request's body; null for none, and for one that is no JSON
   * @param header finds a header of the answer
   */
  record Exchange(
      HttpMethod method,
      String target,
      @Nullable String sent,
      int status,
      UnaryOperator<@Nullable String> header,
      String body) {}

  /** A client whose requests fail when they are not answered by the contract. */
  public static WebClient client(Vertx vertx) {
    WebClient client = WebClient.create(vertx);
    ((WebClientInternal) client).addInterceptor(ContractCheck::intercept);
    return client;
  }

  private static void intercept(HttpContext<?> context) {
    if (context.phase() == ClientPhase.DISPATCH_RESPONSE) {
      HttpResponse<?> response = context.response();
      Object sent = context.body();
      try {
        check(
            new Exchange(
                context.requestOptions().getMethod(),
                context.requestOptions().getURI(),
                sent instanceof Buffer || sent instanceof JsonObject ? sent.toString() : null,
                response.statusCode(),
                response::getHeader,
                Objects.requireNonNullElse(response.bodyAsString(), "")));
      } catch (AssertionError e) {
        context.fail(e);
        return;
      }
    }
    context.next();
  }

  /** Checks what a client of a server of its own saw; throws what is wrong. */
  public static void check(ApiClient.Call call, java.net.http.HttpResponse<String> response) {
    check(
        new Exchange(
            HttpMethod.valueOf(call.method()),
            call.path(),
            call.body() == null ? null : call.body().encode(),
            response.statusCode(),
            name -> response.headers().firstValue(name).orElse(null),
            response.body()));
  }

  /** Throws all that is wrong with an answer. */
  static void check(Exchange exchange) {
    ContractCheck check = new ContractCheck(exchange);
    check.run();
    if (!check.flaws.isEmpty()) {
      throw new AssertionError(
          "not by the contract: "
              + exchange.method()
              + " "
              + exchange.target()
              + " answered "
              + exchange.status()
              + " "
              + exchange.body()
              + "\n"
              + String.join("\n", check.flaws));
    }
  }

  private void run() {
    Contract.Operation operation = operation();
    int status = exchange.status();
    if (operation == null || BESIDE_OPERATIONS.contains(status)) {
      if (status < 400) {
        flaws.add("there is no such operation");
      }
      checkBody(Map.of(JSON, ERROR));
    } else if (!operation.answers().containsKey(status)) {
      flaws.add("the operation has no answer " + status);
    } else {
      checkBody(operation.answers().get(status));
      if (status == 200) {
        checkRequest(operation);
      }
    }
    if (status == 405 && exchange.header().apply("allow") == null) {
      flaws.add("there is no header Allow");
    }
    if ((status == 429 || (status == 503 && exchange.body().contains("\"code\"")))
        && !String.valueOf(exchange.header().apply("retry-after")).matches("[1-9]\\d*")) {
      flaws.add("there is no header Retry-After");
    }
  }

  private void checkBody(Map<String, Shape> shapes) {
    String type = String.valueOf(exchange.header().apply("content-type"));
    Shape shape = shapes.get(type.replaceFirst(";.*", ""));
    if (shape == null) {
      flaws.add("the operation does not answer " + type);
    } else if (type.equals(JSON)) {
      try (JsonParser parser = STRICT.createParser(exchange.body())) {
        while (parser.nextToken() != null) {
          // Throws where a key stands twice.
        }
        note("", shape.breaches(new JsonObject(exchange.body())));
      } catch (IOException | DecodeException e) {
        flaws.add("the answer is not the JSON it has to be: " + e.getMessage());
      }
    }
  }

  private void checkRequest(Contract.Operation operation) {
    new QueryStringDecoder(exchange.target(), StandardCharsets.UTF_8)
        .parameters()
        .forEach((name, values) -> {
          Contract.Parameter parameter = operation.query().get(name);
          if (parameter != null) {
            note("request ?" + name, parameter.breaches(values));
          }
        });
    Shape shape = operation.bodies().get(JSON);
    String sent = exchange.sent();
    if (shape != null && sent != null && !sent.isEmpty()) {
      note("request ", shape.breaches(new JsonObject(sent)));
    }
  }

  private void note(String where, Collection<Breach> breaches) {
    breaches.forEach(breach ->
        flaws.add(where + breach.pointer() + ": " + breach.keyword() + " " + breach.expected()));
  }

  /** The operation of the address, as a router finds it that is asked for plain words first. */
  private Contract.@Nullable Operation operation() {
    String[] parts = exchange.target().replaceFirst("[?#].*", "").split("/", -1);
    Contract.Operation found = null;
    for (Contract.Operation one : CONTRACT.operations()) {
      if (one.method().equals(exchange.method())
          && fits(one.path().split("/", -1), parts)
          && (found == null || plainness(one).compareTo(plainness(found)) > 0)) {
        found = one;
      }
    }
    return found;
  }

  private static boolean fits(String[] template, String[] parts) {
    if (template.length != parts.length) {
      return false;
    }
    for (int i = 0; i < parts.length; i++) {
      if (template[i].startsWith("{") ? parts[i].isEmpty() : !template[i].equals(parts[i])) {
        return false;
      }
    }
    return true;
  }

  /** Greater for a path whose first difference is a word where the other has a parameter. */
  private static String plainness(Contract.Operation operation) {
    return operation.path().replaceAll("\\{\\w+}", "0").replaceAll("[^/0]+", "1");
  }
}
