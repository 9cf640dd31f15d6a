package dev.tocsin.deliver;

/** The statuses of an integration run, as the API and the database spell them. */
public enum RunStatus {
  WAITING,
  STARTED,
  COMPLETE,
  ERROR,
  AWAITING_RETRY,
  AUTH_FAILED,
  DISABLED,
  TIMEOUT_LIMIT_EXCEEDED,
  RATE_LIMIT_RETRY
}
