/** Clients that share no code with Sotto log into the whole role over real sockets. */
package dev.sotto.signalling.interop;
