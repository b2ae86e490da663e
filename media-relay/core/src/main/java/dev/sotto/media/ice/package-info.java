/**
 * The relay's side of ICE (RFC 8445) in the lite role: it answers connectivity checks, learns from
 * them where an endpoint is, and knows whether it may still send there (RFC 7675). STUN messages
 * are ice4j's; its sockets, agents and threads are not used. State is kept only for sources whose
 * checks have proved the password. No sockets and no clocks: discovery of public addresses is an
 * interface that the shell implements.
 */
package dev.sotto.media.ice;
