package dev.sotto.config.keys;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.sotto.config.settings.Settings.TokenAlgorithm;
import dev.sotto.config.settings.Settings.Tokens;
import dev.sotto.config.settings.SettingsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;

/**
 * The keys that verify tokens, each pinned to one algorithm (RFC 7515 section 10.7), from the
 * source that the settings name. The development key is generated and kept as {@code
 * token-key.json}.
 */
public record TokenKeys(List<JWK> keys) {

  private static final String FILE = "token-key.json";

  /** Loads or generates what {@code tokens} asks for. */
  public static TokenKeys load(Tokens tokens, DataDirectory data) {
    return switch (tokens.keySource()) {
      case DEVELOPMENT ->
          new TokenKeys(List.of(data.readOrCreate(FILE, TokenKeys::generate, TokenKeys::readOne)));
      case NONE -> new TokenKeys(List.of());
      case SECRET ->
          new TokenKeys(
              List.of(
                  new OctetSequenceKey.Builder(tokens.secret().orElseThrow().bytes())
                      .algorithm(JWSAlgorithm.HS256)
                      .build()));
      case FILE -> new TokenKeys(readFile(tokens.keyFile().orElseThrow(), tokens.algorithm()));
    };
  }

  /** The first key that can sign, not merely verify. */
  public Optional<JWK> signingKey() {
    return keys.stream().filter(JWK::isPrivate).findFirst();
  }

  private static byte[] generate() {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .algorithm(JWSAlgorithm.ES256)
          .keyUse(KeyUse.SIGNATURE)
          .keyIDFromThumbprint(true)
          .generate()
          .toJSONString()
          .getBytes(StandardCharsets.UTF_8);
    } catch (JOSEException e) {
      throw new IllegalStateException("no development key can be made", e);
    }
  }

  private static JWK readOne(byte[] content) throws ParseException {
    JWK key = JWK.parse(new String(content, StandardCharsets.UTF_8));
    if (!JWSAlgorithm.ES256.equals(key.getAlgorithm()) || !key.isPrivate()) {
      throw new ParseException("not an ES256 signing key", 0);
    }
    return key;
  }

  private static List<JWK> readFile(Path file, Optional<TokenAlgorithm> algorithm) {
    try {
      List<JWK> keys = parse(Files.readString(file).strip());
      if (keys.isEmpty()) {
        throw new ParseException("no key", 0);
      }
      return keys.stream().map(key -> pin(key, algorithm)).toList();
    } catch (IOException e) {
      throw new SettingsException(
          "sotto.tokens.key-file: " + file + " cannot be read; name a readable file", e);
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      throw new SettingsException(
          "sotto.tokens.key-file: "
              + file
              + " is not a PEM, JWK or JWK set file whose keys fit sotto.tokens.algorithm (hs256,"
              + " rs256, es256 or eddsa)",
          e);
    }
  }

  private static List<JWK> parse(String text) throws ParseException, JOSEException {
    if (text.startsWith("-----BEGIN")) {
      return List.of(JWK.parseFromPEMEncodedObjects(text));
    }
    return text.contains("\"keys\"") ? JWKSet.parse(text).getKeys() : List.of(JWK.parse(text));
  }

  /** A key without an algorithm of its own takes the one that is configured, or its kind's. */
  private static JWK pin(JWK key, Optional<TokenAlgorithm> configured) {
    JWSAlgorithm natural = natural(key);
    Optional<JWSAlgorithm> wanted =
        configured.map(algorithm ->
            algorithm == TokenAlgorithm.EDDSA
                ? JWSAlgorithm.EdDSA
                : JWSAlgorithm.parse(algorithm.name()));
    Algorithm own = Optional.ofNullable(key.getAlgorithm()).orElse(natural);
    if (!own.equals(natural)
        || wanted.filter(algorithm -> !algorithm.equals(natural)).isPresent()) {
      throw new IllegalArgumentException("algorithm");
    }
    return switch (key) {
      case ECKey ec -> new ECKey.Builder(ec).algorithm(natural).build();
      case RSAKey rsa -> new RSAKey.Builder(rsa).algorithm(natural).build();
      case OctetKeyPair pair -> new OctetKeyPair.Builder(pair).algorithm(natural).build();
      case OctetSequenceKey secret ->
          new OctetSequenceKey.Builder(secret).algorithm(natural).build();
      default -> throw new IllegalArgumentException("key type");
    };
  }

  private static JWSAlgorithm natural(JWK key) {
    return switch (key) {
      case ECKey ec when Curve.P_256.equals(ec.getCurve()) -> JWSAlgorithm.ES256;
      case RSAKey _ -> JWSAlgorithm.RS256;
      case OctetKeyPair pair when Curve.Ed25519.equals(pair.getCurve()) -> JWSAlgorithm.EdDSA;
      case OctetSequenceKey _ -> JWSAlgorithm.HS256;
      default -> throw new IllegalArgumentException("key type");
    };
  }

  /** Keys are secrets: only how many there are is said. */
  @Override
  public String toString() {
    return "TokenKeys[" + keys.size() + "]";
  }
}
