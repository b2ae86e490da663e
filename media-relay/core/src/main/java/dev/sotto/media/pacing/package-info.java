/**
 * The pacer of one receiver: which packet leaves when. It knows packets as handles into memory that
 * its owner keeps, and neither sends nor reads them.
 */
package dev.sotto.media.pacing;
