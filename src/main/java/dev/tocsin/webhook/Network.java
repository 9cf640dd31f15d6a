package dev.tocsin.webhook;

import java.net.InetAddress;

/**
 * A network of addresses, such as 10.0.0.0/8.
 *
 * @param address an address in it
 * @param prefixLength how many leading bits its addresses share
 */
public record Network(InetAddress address, int prefixLength) {
  public Network {
    int bits = address.getAddress().length * Byte.SIZE;
    if (prefixLength < 0 || prefixLength > bits) {
      throw new IllegalArgumentException(
          "a network of " + address + " has 0 to " + bits + " leading bits, not " + prefixLength);
    }
  }

  /** A network as it is written; the address is never looked up. */
  static Network of(String written) {
    int slash = written.indexOf('/');
    return new Network(
        InetAddress.ofLiteral(written.substring(0, slash)),
        Integer.parseInt(written.substring(slash + 1)));
  }

  /** Whether the address is one of this network's; one of the other IP version never is. */
  public boolean contains(InetAddress other) {
    byte[] ours = address.getAddress();
    byte[] theirs = other.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefixLength; bit++) {
      int mask = 0x80 >> bit % Byte.SIZE;
      if (((ours[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefixLength;
  }
}
