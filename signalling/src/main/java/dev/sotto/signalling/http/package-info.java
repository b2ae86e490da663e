/**
 * The HTTP door: call page, discovery and sign-in on Micronaut's server, and the place where {@code
 * /xmpp} leaves it. No call is negotiated here.
 */
package dev.sotto.signalling.http;
