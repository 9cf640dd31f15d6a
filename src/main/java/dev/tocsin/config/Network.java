package dev.tocsin.config;

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

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefixLength;
  }
}
