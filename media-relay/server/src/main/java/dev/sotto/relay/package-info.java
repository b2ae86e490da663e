/**
 * The shell around the media core: sockets, workers, conferences and their COLIBRI2 control. Empty
 * until the media relay is built.
 */
package dev.sotto.relay;
