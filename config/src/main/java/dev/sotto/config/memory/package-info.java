/** How much heap the process may use now: little at rest, more under load. No server lives here. */
package dev.sotto.config.memory;
