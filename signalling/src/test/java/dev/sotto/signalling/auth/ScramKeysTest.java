package dev.sotto.signalling.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScramKeysTest {

  private static final byte[] SALT = {1, 2, 3, 4};

  /** As PostgreSQL 15 stores the example of RFC 7677: user, pencil. */
  @Test
  void the_form_of_postgresql_is_read_and_written() {
    String written =
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
            + "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    ScramKeys keys = ScramKeys.parse(written).orElseThrow();

    assertThat(keys.encoded()).isEqualTo(written);
    assertThat(keys.areOf("pencil")).isTrue();
    assertThat(keys.areOf("pencil ")).isFalse();
    assertThat(keys.saltBase64()).isEqualTo("W22ZaJ0SNY7soEsUEjb6gQ==");
  }

  @Test
  void what_is_derived_is_the_same_once_written_and_read() {
    for (ScramHash hash : ScramHash.values()) {
      ScramKeys keys = ScramKeys.derive(hash, "pencil", SALT, 4096);

      assertThat(ScramKeys.parse(keys.encoded())).contains(keys);
      assertThat(keys.toString()).doesNotContain(keys.encoded().substring(20));
    }
  }

  @Test
  void keys_differ_by_password_salt_rounds_and_hash() {
    ScramKeys keys = ScramKeys.derive(ScramHash.SHA_256, "pencil", SALT, 4096);

    assertThat(
            List.of(
                ScramKeys.derive(ScramHash.SHA_256, "pen", SALT, 4096),
                ScramKeys.derive(ScramHash.SHA_256, "pencil", new byte[] {1}, 4096),
                ScramKeys.derive(ScramHash.SHA_256, "pencil", SALT, 4097),
                ScramKeys.derive(ScramHash.SHA_1, "pencil", SALT, 4096)))
        .doesNotContain(keys);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pencil",
        "SCRAM-SHA-256$4096:AAAA$AAAA:AAAA", // keys of another size than the hash's
        "SCRAM-SHA-512$4096:AAAA$AAAA:AAAA",
        "SCRAM-SHA-1$4095:AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "SCRAM-SHA-1$1000001:AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "SCRAM-SHA-1$4096:=$AAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "SCRAM-SHA-1$4096:AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAA="
      })
  void anything_else_is_not_read(String text) {
    assertThat(ScramKeys.parse(text)).isEmpty();
  }
}
