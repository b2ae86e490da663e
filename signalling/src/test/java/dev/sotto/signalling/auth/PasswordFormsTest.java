package dev.sotto.signalling.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4013 section 3 and RFC 8265 section 4.3. */
final class PasswordFormsTest {

  @ParameterizedTest
  @ValueSource(strings = {"user", "USER", "correct horse battery", "~!@#$%^&*()_+", "p\u00E4ss"})
  void what_people_type_has_one_form(String password) {
    assertThat(PasswordForms.of(password)).containsExactly(password);
  }

  @Test
  void section_3_of_rfc_4013_the_examples_where_the_newer_profile_differs() {
    assertThat(PasswordForms.of("I\u00ADX")).contains("IX"); // a soft hyphen is mapped to nothing
    assertThat(PasswordForms.of("\u00AA")).containsExactly("a", "\u00AA");
    assertThat(PasswordForms.of("\u2168")).containsExactly("IX", "\u2168");
  }

  @Test
  void section_3_of_rfc_4013_what_is_prohibited_there_is_prohibited() {
    assertThat(PasswordForms.of("\u0007")).isEmpty();
  }

  @Test
  void spaces_of_any_kind_are_spaces() {
    assertThat(PasswordForms.of("a\u00A0b")).containsExactly("a b");
  }

  @Test
  void an_accent_of_its_own_joins_its_letter() {
    assertThat(PasswordForms.of("pa\u0308ss")).containsExactly("p\u00E4ss");
  }

  @Test
  void what_came_into_unicode_later_than_the_older_profile_is_allowed_by_the_newer() {
    assertThat(PasswordForms.of("\uD83D\uDD11 key")).containsExactly("\uD83D\uDD11 key");
  }

  @Test
  void nothing_and_novels_are_no_passwords() {
    assertThat(PasswordForms.of("")).isEmpty();
    assertThat(PasswordForms.of("x".repeat(1025))).isEmpty();
  }
}
