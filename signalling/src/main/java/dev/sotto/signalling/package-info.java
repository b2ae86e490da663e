/**
 * The signalling service: an XMPP endpoint on which calls are negotiated, and the HTTP door beside
 * it. Media never passes here, and no key that protects it.
 */
package dev.sotto.signalling;
