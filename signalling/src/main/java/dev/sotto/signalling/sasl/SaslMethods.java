package dev.sotto.signalling.sasl;

/**
 * By what users of a domain log in. A client that finds SCRAM takes its password for one of an
 * account, so where users have tokens only, SCRAM must not be offered.
 *
 * @param tokens JWTs of the app
 * @param passwords those of accounts
 */
public record SaslMethods(boolean tokens, boolean passwords) {}
