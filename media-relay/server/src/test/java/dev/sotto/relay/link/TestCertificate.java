package dev.sotto.relay.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A fresh self-signed certificate for one name, made by the JDK's keytool, and as PEM files. */
final class TestCertificate {
  private static final String PASSWORD = "changeit";
  private static final String ALIAS = "server";

  private final Path folder;
  private final X509Certificate certificate;

  TestCertificate(Path folder, String name)
      throws IOException, GeneralSecurityException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!keytool.waitFor(20, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IOException("keytool failed");
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    certificate = (X509Certificate) keys.getCertificate(ALIAS);
    write(key(), "PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
    write(pem(), "CERTIFICATE", certificate.getEncoded());
  }

  Path key() {
    return folder.resolve("key.pem");
  }

  Path pem() {
    return folder.resolve("certificate.pem");
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** As openssl prints it. */
  Set<String> pin() throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    return Set.of(HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest));
  }

  private static void write(Path file, String type, byte[] der) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
            .formatted(type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)));
  }
}
