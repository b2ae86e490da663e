package dev.sotto.signalling;

import dev.sotto.signalling.auth.Accounts.Configured;
import java.util.List;

/**
 * Users with passwords (SCRAM), beside those with tokens.
 *
 * @param configured accounts that only a reload changes
 * @param passwords whether users log in by password although none is configured: a client that
 *     finds SCRAM takes a token for one, so this is false where there may be tokens only
 * @param inBandRegistration whether clients may make accounts (XEP-0077)
 * @param registrationsPerHour how many, from one address
 * @param channelBinding whether the mechanisms that bind TLS are offered (SCRAM-*-PLUS)
 * @param saltSecret unpredictable text, the same after each start
 */
public record AccountSettings(
    List<Configured> configured,
    boolean passwords,
    boolean inBandRegistration,
    int registrationsPerHour,
    boolean channelBinding,
    String saltSecret) {

  /** Never shows the secret. */
  @Override
  public String toString() {
    return "AccountSettings[" + configured.size() + " configured]";
  }
}
