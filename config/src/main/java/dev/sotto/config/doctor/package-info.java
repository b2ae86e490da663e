/** Checks of the machine and the settings, each with a remedy. */
package dev.sotto.config.doctor;
