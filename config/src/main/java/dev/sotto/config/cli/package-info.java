/** The commands of {@code sotto}: one class each, and what they share. */
package dev.sotto.config.cli;
