package dev.tocsin.rule;

/** A place in a calculation's text: its line and column, from 1, and its offset, from 0. */
record Position(int line, int column, int offset) {
  @Override
  public String toString() {
    return "line " + line + ", column " + column;
  }
}
