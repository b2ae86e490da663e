/**
 * The TURN server beside coturn and beside the floor: a forwarder in the same topology that does
 * nothing but forward. One load client drives all three.
 */
package dev.sotto.benchmarks.turn;
