package dev.tocsin.rule;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An operator that stands between its operands. */
sealed interface Infix permits Operation, Relation, Joint {
  /** How it is written; some have other spellings too, which mean the same. */
  String symbol();

  Level level();

  /** The operator a token spells, or null when it spells none. */
  static @Nullable Infix of(Token token) {
    return switch (token.kind()) {
      case NAME, SYMBOL -> Spellings.INFIXES.get(token.text());
      case NUMBER, TEXT, END -> null;
    };
  }

  /** Every spelling of every operator. */
  final class Spellings {
    private static final Map<String, Infix> INFIXES = infixes();

    private Spellings() {}

    private static Map<String, Infix> infixes() {
      Map<String, Infix> infixes = new HashMap<>();
      add(infixes, Operation.values());
      add(infixes, Relation.values());
      add(infixes, Joint.values());
      infixes.put("**", Operation.POWER);
      infixes.put("and", Joint.AND);
      infixes.put("&&", Joint.AND);
      infixes.put("or", Joint.OR);
      infixes.put("||", Joint.OR);
      infixes.put("IN", Joint.IN);
      return Map.copyOf(infixes);
    }

    private static void add(Map<String, Infix> infixes, Infix[] operators) {
      for (Infix operator : operators) {
        infixes.put(operator.symbol(), operator);
      }
    }
  }
}
