package dev.tocsin.rule;

/** A place in a calculation's text; both counted from 1. */
record Position(int line, int column) {
  @Override
  public String toString() {
    return "line " + line + ", column " + column;
  }
}
