/**
 * COLIBRI2, Jitsi's protocol for steering a media relay, as XMPP stanzas and as JSON over REST:
 * both become requests of {@link dev.sotto.relay.control} by way of jitsi-xmpp-extensions'
 * elements. {@code COLIBRI.md} of this module shows every part, ours included.
 *
 * <p>Text in, answer out: no connection and no HTTP server lives here. What is not understood is
 * refused, never ignored.
 */
package dev.sotto.relay.colibri;
