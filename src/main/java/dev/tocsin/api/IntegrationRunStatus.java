package dev.tocsin.api;

/** The statuses of integration runs, which are m3ter's. The two of bills never occur here. */
public enum IntegrationRunStatus {
  WAITING,
  STARTED,
  COMPLETE,
  ERROR,
  AWAITING_RETRY,
  AUTH_FAILED,
  ACCOUNTING_PERIOD_CLOSED,
  INVOICE_ALREADY_PAID,
  DISABLED,
  TIMEOUT_LIMIT_EXCEEDED,
  RATE_LIMIT_RETRY
}
