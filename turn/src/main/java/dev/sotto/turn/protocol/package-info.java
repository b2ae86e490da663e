/**
 * The server's side of TURN without any socket: datagrams and time go in, datagrams come out (RFC
 * 8656 sections 7-12).
 */
package dev.sotto.turn.protocol;
