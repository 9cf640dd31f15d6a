package dev.tocsin.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out at the start whether the files of the event bus' encryption can be used. */
public final class NodeKeys {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private final Instant now;
  private final List<Fault> faults = new ArrayList<>();

  /**
   * Something that is wrong with a file.
   *
   * @param file which: certificate, key or authority
   */
  public record Fault(String file, String message) {}

  private NodeKeys(Instant now) {
    this.now = now;
  }

  /** What is wrong with the files; empty when a node can be sure of others with them. */
  public static List<Fault> faults(ClusterSettings.Keys keys, Instant now) {
    NodeKeys check = new NodeKeys(now);
    check.look(keys);
    return check.faults;
  }

  private void look(ClusterSettings.Keys keys) {
    List<X509Certificate> authorities = certificates("authority", keys.authority());
    List<X509Certificate> chain = certificates("certificate", keys.certificate());
    if (chain.isEmpty()) {
      return;
    }
    X509Certificate certificate = chain.getFirst();
    checkTime("certificate", keys.certificate(), certificate);
    PrivateKey key = key(keys.key(), certificate.getPublicKey());
    if (key != null && !belong(key, certificate.getPublicKey())) {
      faults.add(new Fault("key", keys.key() + " is not the key of cluster.certificate"));
    }
    if (!authorities.isEmpty()) {
      authorities.stream()
          .filter(authority -> isSigned(certificate, authority))
          .findFirst()
          .ifPresentOrElse(
              signer -> checkTime("authority", keys.authority(), signer),
              () ->
                  faults.add(
                      new Fault(
                          "certificate",
                          keys.certificate() + " was not signed by cluster.authority")));
    }
  }

  /** Those of a file, of which an authority that is being replaced has two. */
  private List<X509Certificate> certificates(String file, Path path) {
    byte[] bytes = bytes(file, path);
    if (bytes == null) {
      return List.of();
    }
    List<X509Certificate> read = List.of();
    try {
      read =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
    } catch (CertificateException e) {
      // Said below.
    }
    if (read.isEmpty()) {
      faults.add(new Fault(file, path + " is no certificate in PEM form"));
    }
    return read;
  }

  private void checkTime(String file, Path path, X509Certificate certificate) {
    if (now.isAfter(certificate.getNotAfter().toInstant())) {
      faults.add(new Fault(file, path + " expired at " + certificate.getNotAfter().toInstant()));
    } else if (now.isBefore(certificate.getNotBefore().toInstant())) {
      faults.add(
          new Fault(file, path + " is not valid before " + certificate.getNotBefore().toInstant()));
    }
  }

  private @Nullable PrivateKey key(Path path, PublicKey belonging) {
    byte[] bytes = bytes("key", path);
    if (bytes == null) {
      return null;
    }
    Matcher pem = KEY.matcher(new String(bytes, StandardCharsets.US_ASCII));
    try {
      if (pem.find()) {
        byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
        return KeyFactory.getInstance(belonging.getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(encoded));
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Said below.
    }
    faults.add(
        new Fault("key", path + " is no key for this certificate in PEM form (BEGIN PRIVATE KEY)"));
    return null;
  }

  private byte @Nullable [] bytes(String file, Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      faults.add(new Fault(file, "there is no file " + path));
    } catch (IOException e) {
      faults.add(new Fault(file, path + " cannot be read: " + e));
    }
    return null;
  }

  private static boolean isSigned(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Whether what the one signs, the other verifies. */
  private static boolean belong(PrivateKey key, PublicKey certified) {
    byte[] sample = "tocsin".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signature = Signature.getInstance(algorithm(certified));
      signature.initSign(key);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(sample);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String algorithm(PublicKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }
}
