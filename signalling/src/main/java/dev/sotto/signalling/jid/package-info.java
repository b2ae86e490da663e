/** XMPP addresses: parsing, preparation (RFC 7622) and escaping (XEP-0106). */
package dev.sotto.signalling.jid;
