/**
 * XML as XMPP restricts it (RFC 6120 section 11): cutting complete stanzas out of a byte stream,
 * reading one into a small immutable tree, and writing it back for the namespace it is sent in. No
 * knowledge of what stanzas mean.
 */
package dev.sotto.signalling.xml;
