package dev.tocsin.api;

import java.util.Objects;

/** One thing that is wrong with a request, and where. */
public sealed interface Flaw {
  /** What was found and what was expected. */
  String message();

  /** The place, as an error's one-line message names it. */
  String place();

  /** Appends the flaw as one JSON object. */
  JsonText append(JsonText out);

  /**
   * It is in the body.
   *
   * @param pointer where (RFC 6901); empty for the body as a whole
   */
  record InBody(String pointer, String message) implements Flaw {
    public InBody {
      Objects.requireNonNull(pointer);
      Objects.requireNonNull(message);
    }

    @Override
    public String place() {
      return pointer;
    }

    @Override
    public JsonText append(JsonText out) {
      return out.open().text("pointer", pointer).text("message", message).close();
    }
  }

  /**
   * It is in a calculation.
   *
   * @param line from 1
   * @param column from 1
   */
  record InCalculation(String pointer, String message, int line, int column) implements Flaw {
    public InCalculation {
      Objects.requireNonNull(pointer);
      Objects.requireNonNull(message);
    }

    @Override
    public String place() {
      return pointer + " line " + line + ", column " + column;
    }

    @Override
    public JsonText append(JsonText out) {
      return out.open()
          .text("pointer", pointer)
          .text("message", message)
          .number("line", line)
          .number("column", column)
          .close();
    }
  }

  /** It is in the query. */
  record InQuery(String parameter, String message) implements Flaw {
    public InQuery {
      Objects.requireNonNull(parameter);
      Objects.requireNonNull(message);
    }

    @Override
    public String place() {
      return parameter;
    }

    @Override
    public JsonText append(JsonText out) {
      return out.open().text("parameter", parameter).text("message", message).close();
    }
  }

  /** It is in a header. */
  record InHeader(String header, String message) implements Flaw {
    public InHeader {
      Objects.requireNonNull(header);
      Objects.requireNonNull(message);
    }

    @Override
    public String place() {
      return header;
    }

    @Override
    public JsonText append(JsonText out) {
      return out.open().text("header", header).text("message", message).close();
    }
  }
}
