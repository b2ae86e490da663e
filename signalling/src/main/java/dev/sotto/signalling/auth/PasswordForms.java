package dev.sotto.signalling.auth;

import com.ongres.saslprep.SASLprep;
import com.ongres.stringprep.Profile;
import java.util.ArrayList;
import java.util.List;
import rocks.xmpp.precis.PrecisProfiles;

/**
 * Prepares passwords. RFC 5802 asks for SASLprep (RFC 4013), RFC 8265 replaced it with
 * OpaqueString; clients do the one or the other. For nearly all passwords both give the same.
 */
final class PasswordForms {

  private static final int MAX_CHARS = 1024;
  private static final Profile SASLPREP = new SASLprep();

  private PasswordForms() {}

  /** The one or two forms in which a client may use it, empty if it cannot be a password. */
  static List<String> of(String password) {
    List<String> forms = new ArrayList<>(2);
    if (password.isEmpty() || password.length() > MAX_CHARS) {
      return forms;
    }
    boolean plain = password.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    if (plain) {
      forms.add(password); // which both leave as it is
      return forms;
    }
    addPrepared(forms, () -> SASLPREP.prepareStored(password));
    addPrepared(forms, () -> PrecisProfiles.OPAQUE_STRING.enforce(password));
    return forms;
  }

  private static void addPrepared(List<String> forms, java.util.function.Supplier<String> form) {
    try {
      String prepared = form.get();
      if (!prepared.isEmpty() && !forms.contains(prepared)) {
        forms.add(prepared);
      }
    } catch (IllegalArgumentException e) {
      // Not a password by that profile; the other may allow it.
    }
  }
}
