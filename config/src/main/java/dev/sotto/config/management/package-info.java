/** Health and metrics of a process on a port of their own. */
package dev.sotto.config.management;
