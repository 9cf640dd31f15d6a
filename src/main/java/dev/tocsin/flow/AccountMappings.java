package dev.tocsin.flow;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The accounts that a link knows, for a link that demands to know each: {@code configData} has
 * {@code "accountMappingRequired": true} and {@code "accountMappings": {<account id>: <what the
 * receiver calls it>}}.
 */
public record AccountMappings(Set<String> accounts) {
  public AccountMappings {
    accounts = Set.copyOf(accounts);
  }

  /** Whether an event of this account must not be sent; one of no account may always be. */
  public boolean lack(@Nullable String account) {
    return account != null && !accounts.contains(account);
  }
}
