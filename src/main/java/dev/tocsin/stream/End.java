package dev.tocsin.stream;

/** Why a subscription ends that its subscriber did not end himself. */
public enum End {
  /** He may not see events any more. */
  RIGHTS_LOST,
  /** The server stops. */
  STOPPING
}
