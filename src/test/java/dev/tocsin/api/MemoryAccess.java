package dev.tocsin.api;

import dev.tocsin.access.AccessKey;
import dev.tocsin.access.AccessKeys;
import dev.tocsin.access.Caller;
import dev.tocsin.access.Holder;
import dev.tocsin.access.Holders;
import dev.tocsin.access.NewAccessKey;
import dev.tocsin.access.Permissions;
import dev.tocsin.access.SecretHash;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Statement;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Service users, access keys and permission policies in memory. */
final class MemoryAccess implements AccessKeys, Holders {
  private final MemoryResources<ServiceUser> users =
      new MemoryResources<>(ServiceUser::audit, one -> null, new AtomicLong());
  private final MemoryResources<PermissionPolicy> policies =
      new MemoryResources<>(PermissionPolicy::audit, one -> null, new AtomicLong());
  private final List<Key> keys = new ArrayList<>();
  private final List<Assigned> assigned = new ArrayList<>();

  /** The entities that the last policy which was made names. */
  volatile Set<CustomEntity> named = Set.of();

  /** How often it was asked who may do what, and for a key. */
  final AtomicInteger lookUps = new AtomicInteger();

  private record Key(Caller owner, SecretHash hash, ShownAccessKey shown) {}

  private record Assigned(OrganizationId organization, PolicyAssignment assignment) {}

  /** Declares a service user with his only key, who may do what these statements say. */
  synchronized void declare(Caller caller, SecretHash hash, List<Statement> statements) {
    Author system = new Author(caller.organization(), "system", Instant.EPOCH);
    users.create(
        system,
        caller.serviceUser().value(),
        audit -> new ServiceUser(caller.serviceUser(), "declared", true, audit));
    keys.add(
        new Key(caller, hash, new ShownAccessKey(caller.accessKey(), Instant.EPOCH, "system")));
    UUID policy = new UUID(0xB01, caller.serviceUser().value().getLeastSignificantBits());
    policies.create(
        system,
        policy,
        audit ->
            new PermissionPolicy(
                policy, new PermissionPolicy.Content("declared", statements), true, audit));
    assigned.add(
        new Assigned(
            caller.organization(),
            new PolicyAssignment(policy, policy, caller.serviceUser(), Instant.EPOCH, "system")));
  }

  /** Takes away every key of an organization. */
  synchronized void shutOut(OrganizationId organization) {
    keys.removeIf(key -> key.owner().organization().equals(organization));
  }

  @Override
  public synchronized Optional<AccessKey> find(String key) {
    lookUps.incrementAndGet();
    return keys.stream()
        .filter(one -> one.owner().accessKey().equals(key))
        .map(one -> new AccessKey(key, one.owner(), one.hash()))
        .findFirst();
  }

  @Override
  public synchronized Optional<Holder> find(OrganizationId organization, ServiceUserId user) {
    lookUps.incrementAndGet();
    if (users.find(organization, user.value()).isEmpty()) {
      return Optional.empty();
    }
    List<Statement> statements =
        assigned(organization, user).stream()
            .flatMap(one -> policies.find(organization, one.policy()).stream())
            .flatMap(policy -> policy.content().statements().stream())
            .toList();
    return Optional.of(new Holder(Permissions.of(statements), keysOf(organization, user)));
  }

  private Set<String> keysOf(OrganizationId organization, ServiceUserId user) {
    return keys.stream()
        .map(Key::owner)
        .filter(one -> one.organization().equals(organization) && one.serviceUser().equals(user))
        .map(Caller::accessKey)
        .collect(Collectors.toSet());
  }

  private List<PolicyAssignment> assigned(OrganizationId organization, ServiceUserId user) {
    return assigned.stream()
        .filter(one -> one.organization().equals(organization))
        .map(Assigned::assignment)
        .filter(one -> one.serviceUser().equals(user))
        .toList();
  }

  synchronized String contents() {
    return users.contents() + policies.contents() + keys + assigned;
  }

  private static <T> Written<T> saved(Written<T> written) {
    return written instanceof Written.Done<T> done ? new Written.Saved<>(done.resource()) : written;
  }

  /** Why nothing may be changed that belongs to a service user, if so. */
  private <T> Optional<Written<T>> refusal(Author author, ServiceUserId user) {
    Optional<ServiceUser> found = users.find(author.organization(), user.value());
    if (found.isEmpty()) {
      return Optional.of(new Written.Missing<>());
    }
    return found.get().managed() ? Optional.of(new Written.DeclaredInFile<>()) : Optional.empty();
  }

  /** The service users. */
  ServiceUsers serviceUsers() {
    return new Users();
  }

  /** The policies. */
  PermissionPolicies policies() {
    return new Policies();
  }

  private final class Users implements ServiceUsers {
    @Override
    public Page<ServiceUser> list(
        OrganizationId organization, List<ServiceUserId> ids, PageRequest page) {
      return users.list(organization, page, one -> ids.isEmpty() || ids.contains(one.id()));
    }

    @Override
    public Optional<ServiceUser> find(OrganizationId organization, ServiceUserId id) {
      return users.find(organization, id.value());
    }

    @Override
    public Written<ServiceUser> create(Author author, ServiceUserId id, String name) {
      return saved(
          users.create(author, id.value(), audit -> new ServiceUser(id, name, false, audit)));
    }

    @Override
    public Written<ServiceUser> update(Author author, ServiceUserId id, long version, String name) {
      return MemoryAccess.this
          .<ServiceUser>refusal(author, id)
          .orElseGet(() ->
              saved(
                  users.change(
                      author,
                      id.value(),
                      version,
                      changing -> new ServiceUser(id, name, false, changing.audit()))));
    }

    @Override
    public Written<ServiceUser> delete(Author author, ServiceUserId id) {
      synchronized (MemoryAccess.this) {
        Optional<Written<ServiceUser>> refusal = refusal(author, id);
        if (refusal.isPresent()) {
          return refusal.get();
        }
        keys.removeIf(one -> one.owner().serviceUser().equals(id));
        assigned.removeIf(one -> one.assignment().serviceUser().equals(id));
        return saved(users.delete(author, id.value()));
      }
    }

    @Override
    public Optional<List<ShownAccessKey>> keys(OrganizationId organization, ServiceUserId id) {
      synchronized (MemoryAccess.this) {
        return users
            .find(organization, id.value())
            .map(user -> keys.stream().filter(one -> isOf(one, organization, id)).toList())
            .map(found -> found.reversed().stream().map(Key::shown).toList());
      }
    }

    @Override
    public Written<ShownAccessKey> createKey(Author author, ServiceUserId id, NewAccessKey made) {
      synchronized (MemoryAccess.this) {
        Optional<Written<ShownAccessKey>> refusal = refusal(author, id);
        if (refusal.isPresent()) {
          return refusal.get();
        }
        if (keysOf(author.organization(), id).size() >= KEYS_MAX) {
          return new Written.Full<>(KEYS_MAX);
        }
        ShownAccessKey shown = new ShownAccessKey(made.key(), author.now(), author.by());
        Caller owner = new Caller(author.organization(), id, made.key());
        keys.add(new Key(owner, made.secretHash(), shown));
        return new Written.Saved<>(shown);
      }
    }

    @Override
    public Written<ShownAccessKey> deleteKey(Author author, ServiceUserId id, String key) {
      synchronized (MemoryAccess.this) {
        Optional<Written<ShownAccessKey>> refusal = refusal(author, id);
        if (refusal.isPresent()) {
          return refusal.get();
        }
        Predicate<Key> wanted =
            one -> isOf(one, author.organization(), id) && one.owner().accessKey().equals(key);
        Optional<Key> found = keys.stream().filter(wanted).findFirst();
        keys.removeIf(wanted);
        return found
            .<Written<ShownAccessKey>>map(one -> new Written.Saved<>(one.shown()))
            .orElseGet(Written.Missing::new);
      }
    }

    private static boolean isOf(Key key, OrganizationId organization, ServiceUserId id) {
      return key.owner().organization().equals(organization)
          && key.owner().serviceUser().equals(id);
    }
  }

  private final class Policies implements PermissionPolicies {
    @Override
    public Page<PermissionPolicy> list(
        OrganizationId organization, List<UUID> ids, PageRequest page) {
      return policies.list(organization, page, one -> ids.isEmpty() || ids.contains(one.id()));
    }

    @Override
    public Optional<PermissionPolicy> find(OrganizationId organization, UUID id) {
      return policies.find(organization, id);
    }

    @Override
    public Written<PermissionPolicy> create(
        Author author, UUID id, PermissionPolicy.Content content, Set<CustomEntity> entities) {
      named = entities;
      return saved(
          policies.create(author, id, audit -> new PermissionPolicy(id, content, false, audit)));
    }

    @Override
    public Written<PermissionPolicy> update(
        Author author,
        UUID id,
        long version,
        PermissionPolicy.Content content,
        Set<CustomEntity> entities) {
      return isManaged(author, id)
          ? new Written.DeclaredInFile<>()
          : saved(
              policies.change(
                  author,
                  id,
                  version,
                  changing -> new PermissionPolicy(id, content, false, changing.audit())));
    }

    @Override
    public Written<PermissionPolicy> delete(Author author, UUID id) {
      synchronized (MemoryAccess.this) {
        if (isManaged(author, id)) {
          return new Written.DeclaredInFile<>();
        }
        assigned.removeIf(one -> one.assignment().policy().equals(id));
        return saved(policies.delete(author, id));
      }
    }

    private boolean isManaged(Author author, UUID id) {
      return policies.find(author.organization(), id).map(PermissionPolicy::managed).orElse(false);
    }

    @Override
    public Optional<Page<PermissionPolicy>> ofServiceUser(
        OrganizationId organization, ServiceUserId user, PageRequest page) {
      synchronized (MemoryAccess.this) {
        Set<UUID> his =
            assigned(organization, user).stream()
                .map(PolicyAssignment::policy)
                .collect(Collectors.toSet());
        return users
            .find(organization, user.value())
            .map(found -> policies.list(organization, page, one -> his.contains(one.id())));
      }
    }

    @Override
    public Written<PolicyAssignment> assign(
        Author author, UUID policy, ServiceUserId user, UUID id) {
      synchronized (MemoryAccess.this) {
        Optional<Written<PolicyAssignment>> refusal = refusal(author, user);
        if (refusal.isPresent()) {
          return refusal.get();
        }
        if (policies.find(author.organization(), policy).isEmpty()) {
          return new Written.Missing<>();
        }
        Optional<PolicyAssignment> there = there(author, policy, user);
        if (there.isPresent()) {
          return new Written.Saved<>(there.get());
        }
        if (assigned(author.organization(), user).size() >= PER_SERVICE_USER_MAX) {
          return new Written.Full<>(PER_SERVICE_USER_MAX);
        }
        PolicyAssignment made = new PolicyAssignment(id, policy, user, author.now(), author.by());
        assigned.add(new Assigned(author.organization(), made));
        return new Written.Saved<>(made);
      }
    }

    @Override
    public Written<PolicyAssignment> unassign(Author author, UUID policy, ServiceUserId user) {
      synchronized (MemoryAccess.this) {
        Optional<Written<PolicyAssignment>> refusal = refusal(author, user);
        if (refusal.isPresent()) {
          return refusal.get();
        }
        Optional<PolicyAssignment> there = there(author, policy, user);
        assigned.removeIf(one -> there.isPresent() && one.assignment().equals(there.get()));
        return there
            .<Written<PolicyAssignment>>map(Written.Saved::new)
            .orElseGet(Written.Missing::new);
      }
    }

    private Optional<PolicyAssignment> there(Author author, UUID policy, ServiceUserId user) {
      return assigned(author.organization(), user).stream()
          .filter(one -> one.policy().equals(policy))
          .max(Comparator.comparing(PolicyAssignment::created));
    }
  }
}
