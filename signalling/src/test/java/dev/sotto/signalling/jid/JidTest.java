package dev.sotto.signalling.jid;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7622 section 3.5 and XEP-0106 section 5, by their examples. */
final class JidTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "juliet@example.com",
        "juliet@example.com/foo",
        "juliet@example.com/foo bar",
        "juliet@example.com/foo@bar",
        "foo\\20bar@example.com",
        "fussball@example.com",
        "fußball@example.com",
        "π@example.com",
        "king@example.com/♚",
        "example.com",
        "example.com/foobar",
        "a.example.com/b@example.net"
      })
  void addressesOfTheRfcAreAddresses(String text) {
    assertThat(Jid.parse(text)).hasValueSatisfying(jid -> assertThat(jid).hasToString(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@",
        "/",
        "\"juliet\"@example.com",
        "foo bar@example.com",
        "juliet@example.com/",
        "@example.com",
        "@example.com/",
        "henryⅣ@example.com",
        "♚@example.com",
        "juliet@",
        "juliet@/foobar",
        "a@b@c",
        "a@<b>",
        "a@b/\u0000",
        "a@b/\n",
        "a\u007f@b"
      })
  void whatTheRfcRefusesIsRefused(String text) {
    assertThat(Jid.parse(text)).isEmpty();
  }

  @Test
  void capitalsAndWidthDoNotTellUsersApart() {
    assertThat(Jid.parse("Juliet@EXAMPLE.com/Foo"))
        .contains(new Jid("juliet", "example.com", "Foo"));
    assertThat(Jid.parse("ＪＵliet@example.com")).contains(new Jid("juliet", "example.com", ""));
    assertThat(Jid.parse("ΠΑ@example.com")).contains(new Jid("πα", "example.com", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ａ＠evil.example", "a／b", "a＜b", "a＆b", "a＂b", "a：b"})
  void fullWidthFormsCannotSmuggleInWhatIsForbidden(String local) {
    assertThat(Jid.prepareLocal(local)).isEmpty();
  }

  @Test
  void eachPartHas1023BytesAtMost() {
    assertThat(Jid.parse("a".repeat(1023) + "@b/" + "c".repeat(1023))).isPresent();
    assertThat(Jid.parse("a".repeat(1024) + "@b")).isEmpty();
    assertThat(Jid.parse("a@b/" + "c".repeat(1024))).isEmpty();
    assertThat(Jid.parse("a@b/" + "é".repeat(512))).isEmpty();
    assertThat(Jid.parse("a@b/" + "é".repeat(511))).isPresent();
    assertThat(Jid.parse("é".repeat(10_000_000))).isEmpty();
  }

  @Property(tries = 500)
  void anythingIsAnAddressOrNone(@ForAll String text) {
    Jid.parse(text)
        .ifPresent(jid -> assertThat(Jid.parse(jid.toString())).as("prepared again").contains(jid));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "space cadet        | space\\20cadet",
        "call me \"ishmael\" | call\\20me\\20\\22ishmael\\22",
        "at&t guy           | at\\26t\\20guy",
        "d'artagnan         | d\\27artagnan",
        "/.fanboy           | \\2f.fanboy",
        "::foo::            | \\3a\\3afoo\\3a\\3a",
        "<foo>              | \\3cfoo\\3e",
        "user@host          | user\\40host",
        "c:\\net            | c\\3a\\net",
        "c:\\\\net          | c\\3a\\\\net",
        "c:\\cool stuff     | c\\3a\\cool\\20stuff",
        "c:\\5commas        | c\\3a\\5c5commas",
      })
  void userNamesAreEscapedAsXep0106Shows(String user, String escaped) {
    assertThat(JidEscaping.escape(user)).isEqualTo(escaped);
    assertThat(JidEscaping.unescape(escaped)).isEqualTo(user);
  }

  @Property(tries = 500)
  void escapingIsUndone(@ForAll String user) {
    assertThat(JidEscaping.unescape(JidEscaping.escape(user))).isEqualTo(user);
  }

  @Test
  void twoUsersThatDifferInMoreThanCapitalsNeverShareAnAccount() {
    assertThat(Jid.prepareLocal(JidEscaping.escape("a\\2Fb")))
        .isNotEqualTo(Jid.prepareLocal(JidEscaping.escape("a/b")));
  }
}
