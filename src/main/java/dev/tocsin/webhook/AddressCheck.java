package dev.tocsin.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses webhooks may be sent to: those of the public internet, and those that the
 * operator allows. Whoever may create a webhook could otherwise have this server send requests to
 * whatever stands beside it.
 *
 * <p>What is not public is what IANA's registries of special-purpose addresses say is not, and what
 * clouds serve their metadata at. IPv6 is public inside 2000::/3 only; addresses that carry one of
 * IPv4 are judged by that one where they are in use, and refused where they are history (IPv4
 * compatible, 6to4, Teredo).
 */
public final class AddressCheck {
  private static final List<Network> FORBIDDEN =
      Stream.of(
              "0.0.0.0/8", // this network
              "10.0.0.0/8", // private
              "100.64.0.0/10", // shared by a carrier's customers
              "127.0.0.0/8", // loopback
              "168.63.129.16/32", // the host of a machine at Azure
              "169.254.0.0/16", // link-local, metadata of most clouds
              "172.16.0.0/12", // private
              "192.0.0.0/24", // protocol assignments, metadata at Oracle
              "192.0.2.0/24", // documentation
              "192.88.99.0/24", // 6to4 relays
              "192.168.0.0/16", // private
              "198.18.0.0/15", // benchmarks
              "198.51.100.0/24", // documentation
              "203.0.113.0/24", // documentation
              "224.0.0.0/4", // multicast
              "240.0.0.0/4", // reserved, broadcast
              "2001::/23", // protocol assignments, Teredo
              "2001:db8::/32", // documentation
              "2002::/16", // 6to4
              "3fff::/20" // documentation
              )
          .map(Network::of)
          .toList();

  private static final Network PUBLIC_IPV6 = Network.of("2000::/3");

  /** Translation to IPv4 by the network; its sibling for local use, 64:ff9b:1::/48, is private. */
  private static final Network NAT64 = Network.of("64:ff9b::/96");

  private static final int IPV4_BYTES = 4;
  private static final int IPV4_AT = 12;

  private final List<Network> allowed;

  /**
   * A check with exceptions.
   *
   * @param allowed networks that may be sent to although they are not public
   */
  public AddressCheck(List<Network> allowed) {
    this.allowed = List.copyOf(allowed);
  }

  /** Whether a request may go to the address. */
  public boolean allows(InetAddress address) {
    if (isIn(allowed, address)) {
      return true;
    }
    byte[] bytes = address.getAddress();
    if (bytes.length == IPV4_BYTES) {
      return !isIn(FORBIDDEN, address);
    }
    if (isMapped(bytes) || NAT64.contains(address)) {
      return allows(carried(bytes));
    }
    return PUBLIC_IPV6.contains(address)
        && !isIn(FORBIDDEN, address)
        && (!isIsatap(bytes) || allows(carried(bytes)));
  }

  /**
   * Whether a request may go to a host, as far as its name tells: that of an address, and {@code
   * localhost}, of which only the address of IPv4 is judged here: it may have that of IPv6 too. Any
   * other is looked up when something is sent, and all its addresses are checked then.
   */
  public boolean mayAllow(String host) {
    String name = host.equalsIgnoreCase("localhost") ? "127.0.0.1" : host;
    try {
      return allows(InetAddress.ofLiteral(name));
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  private static boolean isIn(List<Network> networks, InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  /** ::ffff:a.b.c.d, which no literal and no name gives in Java, but an Inet6Address can hold. */
  private static boolean isMapped(byte[] bytes) {
    return Arrays.equals(
        bytes, 0, IPV4_AT, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1}, 0, 12);
  }

  /** A tunnel's end inside a site (RFC 5214): the interface's id is 0000:5efe or 0200:5efe. */
  private static boolean isIsatap(byte[] bytes) {
    return (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == (byte) 0xfe;
  }

  private static InetAddress carried(byte[] bytes) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, IPV4_AT, IPV4_AT + IPV4_BYTES));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
