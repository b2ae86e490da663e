/**
 * Whole calls through a running Sotto: its own process, real Chromium with fake devices, and a peer
 * in another language. Slow and few; what can be shown in a module is shown there.
 */
package dev.sotto.e2e;
