package dev.tocsin.rule;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one calculation by operator precedence (Vaughan Pratt, "Top Down Operator Precedence",
 * 1973): a value, then every operator that binds at least as tightly as the place asks for.
 *
 * <p>One token is looked at once, so the time is linear; recursion is bounded by the depth limit,
 * times the fixed number of levels.
 */
final class Parser {
  private static final String VALUE =
      "a value: a field such as new.amount, a number, a text in quotes, true, false, null or '('";
  private static final Set<String> CASTS =
      Set.of("int", "long", "double", "decimal", "string", "boolean");
  private static final Set<String> STEP_SEPARATORS = Set.of(".", "?.");

  private final Tokenizer tokenizer;
  private final TreeBuilder tree;
  private final CalculationLimits limits;
  private Token previous;
  private Token current;

  /** Offset behind the token that was read last. */
  private int end;

  private int depth;

  /** Throws {@link Refusal} when the text does not even begin with a token. */
  Parser(String text, CalculationLimits limits) {
    this.limits = limits;
    tokenizer = new Tokenizer(text, limits);
    tree = new TreeBuilder(limits);
    current = tokenizer.next();
    previous = Token.of(Token.Kind.END, "", current.at());
  }

  /**
   * The whole text as a tree.
   *
   * @throws Refusal at the first thing that does not fit
   */
  Node calculation() {
    Node root = expression(Level.CHOICE);
    if (current.kind() != Token.Kind.END) {
      throw unexpected("an operator or the end of the calculation");
    }
    return tree.calculation(root);
  }

  private Node expression(Level loosest) {
    int start = current.at().offset();
    Node left = operand(loosest);
    Infix infix = Infix.of(current);
    while (infix != null && infix.level().compareTo(loosest) >= 0) {
      left = joined(left, start, infix);
      infix = Infix.of(current);
    }
    return left;
  }

  /** The same one level deeper; for every construct that can contain itself. */
  private Node nested(Level loosest, Position at) {
    if (++depth > limits.depthMax()) {
      throw new Refusal(
          at, "nested deeper than the %d levels allowed".formatted(limits.depthMax()));
    }
    Node node = expression(loosest);
    depth--;
    return node;
  }

  private Node joined(Node left, int start, Infix infix) {
    Position at = advance().at();
    return switch (infix) {
      case Relation relation -> comparing(left, start, relation, at);
      case Operation operation -> {
        Node right =
            operation == Operation.POWER
                ? nested(Level.POWER, at)
                : expression(operation.level().tighter());
        yield tree.computing(operation, left, right, span(at, start));
      }
      case Joint joint ->
          switch (joint) {
            case OR -> tree.any(chain(left, joint), span(at, start));
            case AND -> tree.all(chain(left, joint), span(at, start));
            case IN -> membership(left, start, at);
            case FALLBACK -> tree.fallback(left, nested(Level.CHOICE, at), span(at, start));
            case CHOICE -> choice(left, start, at);
          };
    };
  }

  private Node comparing(Node left, int start, Relation relation, Position at) {
    Node right = expression(relation.level().tighter());
    refuseChain(relation);
    return tree.comparing(relation, left, right, span(at, start));
  }

  /** Refuses {@code 1 < a < 5} and {@code a == b == c}, which would compare a comparison. */
  private void refuseChain(Infix comparison) {
    Infix next = Infix.of(current);
    if (next != null && next.level() == comparison.level()) {
      throw unexpected("the end of the comparison; two comparisons are joined with AND");
    }
  }

  /** The operands of {@code a AND b AND c}, of which the first and one operator are read. */
  private List<Node> chain(Node first, Joint joint) {
    List<Node> operands = new ArrayList<>();
    operands.add(first);
    operands.add(expression(joint.level().tighter()));
    while (Infix.of(current) == joint) {
      advance();
      operands.add(expression(joint.level().tighter()));
    }
    return operands;
  }

  private Node choice(Node condition, int start, Position at) {
    Node then = nested(Level.CHOICE, at);
    expect(":", "to go on from '?' of " + at);
    return tree.choice(condition, then, nested(Level.CHOICE, at), span(at, start));
  }

  private Node membership(Node value, int start, Position at) {
    if (!current.is("(") && !current.is("[")) {
      throw unexpected("a list such as (\"USD\", \"EUR\")");
    }
    List<Node> list = list(advance());
    refuseChain(Joint.IN);
    return tree.membership(value, list, span(at, start));
  }

  /** At least one value and the parenthesis or bracket that closes what was opened. */
  private List<Node> list(Token open) {
    List<Node> list = new ArrayList<>();
    list.add(nested(Level.CHOICE, open.at()));
    while (current.is(",")) {
      advance();
      list.add(nested(Level.CHOICE, open.at()));
    }
    expect(open.is("(") ? ")" : "]", "or ',' in the list of " + open.at());
    return list;
  }

  private Node operand(Level loosest) {
    return switch (current.kind()) {
      case NUMBER -> {
        Token token = advance();
        yield tree.literal(token.number(), from(token.at()));
      }
      case TEXT -> {
        Token token = advance();
        yield tree.literal(token.text(), from(token.at()));
      }
      case NAME -> name(loosest);
      case SYMBOL -> symbol();
      case END -> throw unexpected(VALUE);
    };
  }

  private Node symbol() {
    Position at = current.at();
    return switch (current.text()) {
      case "(" -> parenthesized();
      case "-", "+" -> {
        boolean negative = advance().is("-");
        Node operand = nested(Level.SIGN, at);
        yield tree.signed(negative, operand, from(at));
      }
      case "!" -> {
        advance();
        Node operand = nested(Level.SIGN, at);
        yield tree.not(operand, from(at));
      }
      default -> throw unexpected(VALUE);
    };
  }

  private Node parenthesized() {
    Token open = advance();
    if (current.kind() == Token.Kind.NAME && CASTS.contains(current.text())) {
      return cast(open.at());
    }
    Node node = nested(Level.CHOICE, open.at());
    expect(")", "to close '(' of " + open.at());
    return node;
  }

  private Node cast(Position at) {
    String cast = "(" + advance().text() + ")";
    expect(")", "to close the cast of " + at);
    List<Node> operand = List.of(nested(Level.SIGN, at));
    return tree.call(cast, operand, from(at));
  }

  private Node name(Level loosest) {
    Token name = current;
    return switch (name.text()) {
      case "new" -> field(FieldPath.Side.NEW);
      case "old" -> field(FieldPath.Side.OLD);
      case "true" -> constant(true);
      case "false" -> constant(false);
      case "null" -> constant(null);
      case "NOT", "not" -> {
        if (loosest.compareTo(Level.NOT) > 0) {
          throw unexpected("a value; NOT binds looser than what precedes it and needs parentheses");
        }
        advance();
        Node operand = nested(Level.NOT, name.at());
        yield tree.not(operand, from(name.at()));
      }
      case "AND", "and", "OR", "or" -> throw unexpected(VALUE);
      default -> named(advance());
    };
  }

  private Node constant(@Nullable Boolean value) {
    Position at = advance().at();
    return tree.literal(value, from(at));
  }

  /** A function or a constant of ours, whose name may have points. */
  private Node named(Token first) {
    StringBuilder name = new StringBuilder(first.text());
    while (current.is(".")) {
      advance();
      if (current.kind() != Token.Kind.NAME) {
        break;
      }
      name.append('.').append(advance().text());
    }
    if (current.is("(")) {
      FunctionNames.require(name.toString(), first.at());
      return call(name.toString(), first.at());
    }
    return switch (name.toString()) {
      case "Math.PI" -> tree.literal(BigDecimal.valueOf(Math.PI), from(first.at()));
      case "DateTime.TS_FMT" -> tree.literal(Dates.FORMAT, from(first.at()));
      default -> throw unknownName(first.at(), name.toString());
    };
  }

  private Node call(String name, Position at) {
    Token open = advance();
    if (!current.is(")")) {
      List<Node> arguments = list(open);
      return tree.call(name, arguments, from(at));
    }
    advance();
    return tree.call(name, List.of(), from(at));
  }

  private Node field(FieldPath.Side side) {
    Position at = advance().at();
    List<String> steps = new ArrayList<>();
    do {
      if (current.kind() != Token.Kind.SYMBOL || !STEP_SEPARATORS.contains(current.text())) {
        throw unexpected(steps.isEmpty() ? wholeState(side) : "'.' and a field's name");
      }
      advance();
      if (current.kind() != Token.Kind.NAME && current.kind() != Token.Kind.TEXT) {
        throw unexpected("a field's name");
      }
      steps.add(advance().text());
    } while (current.is(".") || current.is("?."));
    if (current.is("(")) {
      throw unexpected("an operator or the end of the calculation; a field has no methods");
    }
    return tree.field(new FieldPath(side, steps), from(at));
  }

  private static String wholeState(FieldPath.Side side) {
    return "'.' and a field's name; of a whole state nothing can be asked, but of a field that it"
        + " always has: %s.id == null".formatted(side == FieldPath.Side.NEW ? "new" : "old");
  }

  private Refusal unknownName(Position at, String name) {
    Token whole = Token.of(Token.Kind.NAME, name, at);
    String hint =
        tokenizer.joinsName(at)
            ? "a field's name with '-' in it is put in quotes"
            : Elsewhere.value(name);
    return new Refusal(at, "unknown name %s; %s".formatted(whole.shown(), hint));
  }

  private void expect(String symbol, String why) {
    if (!current.is(symbol)) {
      throw unexpected("'" + symbol + "' " + why);
    }
    advance();
  }

  /** What was read from an offset up to here. */
  private Span span(Position at, int start) {
    return new Span(at, start, end);
  }

  private Span from(Position at) {
    return span(at, at.offset());
  }

  /** Steps on to the next token, and gives the one that was read. */
  private Token advance() {
    Token read = current;
    end = tokenizer.offset();
    previous = read;
    current = tokenizer.next();
    return read;
  }

  private Refusal unexpected(String expected) {
    String message = "found %s, expected %s".formatted(current.shown(), expected);
    String hint = Elsewhere.behind(previous, current);
    return new Refusal(current.at(), hint == null ? message : message + "; " + hint);
  }
}
