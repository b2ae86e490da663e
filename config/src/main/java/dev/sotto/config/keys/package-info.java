/**
 * Keys that Sotto uses: those that it generates for development and keeps in the data folder, and
 * those that an operator configures.
 */
package dev.sotto.config.keys;
