/** Typed, validated configuration and the lake's home. {@code conf/lake.conf} is the reference of every key. */
package io.datapunk.lake.config;
