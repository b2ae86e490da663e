/**
 * Settings as typed records, and the binder that fills them from {@code sotto.yml}, the environment
 * and {@code --set}. A component of a record is a key; nothing else defines one.
 */
package dev.sotto.config.settings;
