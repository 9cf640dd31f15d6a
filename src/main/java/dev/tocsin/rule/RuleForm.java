package dev.tocsin.rule;

/** What the texts of a rule may be, whoever makes one; {@link Calculations} says the rest. */
public final class RuleForm {
  public static final int CODE_LENGTH_MAX = 80;
  public static final int NAME_LENGTH_MAX = 200;
  public static final int DESCRIPTION_LENGTH_MAX = 2_000;
  public static final int EVENT_NAME_LENGTH_MAX = 200;

  private RuleForm() {}
}
