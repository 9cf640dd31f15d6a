package dev.tocsin.network;

/** What a node reaches others by. */
public enum Way {
  /** To the other nodes' membership. */
  MEMBERSHIP,
  /** To the other nodes' event bus. */
  BUS,
  /** To PostgreSQL. */
  DATABASE
}
