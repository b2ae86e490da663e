package dev.sotto.turn.testkit;

import dev.sotto.turn.TurnTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A fresh self-signed certificate, made by the JDK's keytool, and clients that trust it and no
 * other.
 */
public final class TestTls {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final String ALIAS = "turn";

  private final KeyStore keys;

  /** With a P-256 key. */
  public TestTls() throws IOException, GeneralSecurityException, InterruptedException {
    this("-keyalg", "EC", "-groupname", "secp256r1");
  }

  /** With a key as keytool's options describe it. */
  public TestTls(String... keyOptions)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path folder = Files.createTempDirectory("turn-tls");
    Path file = folder.resolve("keys.p12");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-dname",
                "CN=127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD)));
    command.addAll(List.of(keyOptions));
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!keytool.waitFor(20, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IOException("keytool failed");
    }
    keys = KeyStore.getInstance(file.toFile(), PASSWORD);
    Files.delete(file);
    Files.delete(folder);
  }

  public TurnTls identity() throws GeneralSecurityException {
    return new TurnTls(
        (PrivateKey) keys.getKey(ALIAS, PASSWORD),
        List.of((X509Certificate) keys.getCertificate(ALIAS)));
  }

  /** What a client sees of the server, encoded. */
  public byte[] certificate() throws GeneralSecurityException {
    return keys.getCertificate(ALIAS).getEncoded();
  }

  /** A connected socket whose handshake has not begun. */
  public SSLSocket connect(InetSocketAddress server) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, PASSWORD);
    trusted.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return (SSLSocket)
        context.getSocketFactory().createSocket(server.getAddress(), server.getPort());
  }
}
