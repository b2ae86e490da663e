package dev.sotto.signalling.sasl;

import dev.sotto.signalling.auth.ScramHash;
import dev.sotto.signalling.auth.ScramKeys;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The other end of SCRAM (RFC 5802 section 3), which says what a test wants: what it sends is right
 * unless the test makes it wrong.
 */
public final class ScramClient {

  private final ScramHash hash;
  private final String password;
  private final String header;
  private final byte[] binding;
  private final String bare;
  private String authMessage = "";
  private byte[] salted = {};

  /**
   * @param header such as {@code n,,}
   * @param name already escaped
   */
  public ScramClient(
      ScramHash hash, String header, String name, String password, String nonce, byte[] binding) {
    this.hash = hash;
    this.header = header;
    this.password = password;
    this.bare = "n=" + name + ",r=" + nonce;
    this.binding = binding.clone();
  }

  /** Without channel binding. */
  public static ScramClient of(ScramHash hash, String name, String password) {
    return new ScramClient(hash, "n,,", name, password, "nonce", new byte[0]);
  }

  /** The first message. */
  public String first() {
    return header + bare;
  }

  /** The last message, in answer to the server's first. */
  public String last(String challenge) {
    String nonce = challenge.substring(2, challenge.indexOf(",s="));
    return last(challenge, nonce);
  }

  /** The same with another nonce. */
  public String last(String challenge, String nonce) {
    ByteArrayOutputStream bound = new ByteArrayOutputStream();
    bound.writeBytes(header.getBytes(StandardCharsets.UTF_8));
    bound.writeBytes(binding);
    String withoutProof =
        "c=" + Base64.getEncoder().encodeToString(bound.toByteArray()) + ",r=" + nonce;
    authMessage = bare + "," + challenge + "," + withoutProof;
    int saltAt = challenge.indexOf(",s=");
    int iterationsAt = challenge.indexOf(",i=");
    byte[] salt = Base64.getDecoder().decode(challenge.substring(saltAt + 3, iterationsAt));
    salted = derive(salt, Integer.parseInt(challenge.substring(iterationsAt + 3)));
    byte[] clientKey = hash.hmac(salted, ascii("Client Key"));
    byte[] proof = hash.hmac(hash.digest(clientKey), authMessage.getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= clientKey[i];
    }
    return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
  }

  /** Whether the server's last message shows that it knows the password. */
  public boolean trusts(String serverFinal) {
    byte[] serverKey = hash.hmac(salted, ascii("Server Key"));
    byte[] signature = hash.hmac(serverKey, authMessage.getBytes(StandardCharsets.UTF_8));
    return serverFinal.equals("v=" + Base64.getEncoder().encodeToString(signature));
  }

  private byte[] derive(byte[] salt, int iterations) {
    try {
      return SecretKeyFactory.getInstance(
              hash == ScramHash.SHA_1 ? "PBKDF2WithHmacSHA1" : "PBKDF2WithHmacSHA256")
          .generateSecret(
              new PBEKeySpec(password.toCharArray(), salt, iterations, hash.lengthBytes() * 8))
          .getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The keys of a password with a given salt. */
  static ScramKeys keys(ScramHash hash, String password, String saltBase64, int iterations) {
    return ScramKeys.derive(hash, password, Base64.getDecoder().decode(saltBase64), iterations);
  }

  @Override
  public String toString() {
    return "ScramClient[" + hash + ", " + Arrays.toString(binding) + "]";
  }
}
