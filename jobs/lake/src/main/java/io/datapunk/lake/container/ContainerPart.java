package io.datapunk.lake.container;

import java.io.Serializable;

/**
 * One file or folder that was handed in.
 *
 * @param name the file's name, as it stands in reports and in {@code imports.files.container}
 * @param kind what it is
 * @param location absolute path of the file or folder that holds the bytes; a staged file where the kind is
 *     {@code COMPRESSED_TAR} or the entry's method is {@code STAGED}
 * @param bytes size of what was handed in; 0 for a folder
 */
public record ContainerPart(String name, ContainerKind kind, String location, long bytes) implements Serializable {}
