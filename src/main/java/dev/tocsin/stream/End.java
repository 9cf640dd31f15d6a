package dev.tocsin.stream;

/** Why a subscription ends that its subscriber did not end himself. */
public enum End {
  /** He may not see events any more. */
  RIGHTS_LOST,
  /** He took events more slowly than they came, and has no room for more. */
  TOO_SLOW,
  /** The server stops. */
  STOPPING
}
