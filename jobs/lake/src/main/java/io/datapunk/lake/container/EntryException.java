package io.datapunk.lake.container;

import java.io.IOException;

/** One entry cannot be read, or not to its end; the other entries of its container may well be. */
public final class EntryException extends IOException {
    private static final long serialVersionUID = 1;

    /** What is wrong with the entry. */
    public enum Kind {
        /** Its bytes do not agree with the container's size, checksum or compression. */
        DAMAGED,
        /** It asks for more than the limits allow. */
        LIMIT,
        /** It needs a password or a method that is not supported. */
        UNSUPPORTED,
        /** Its file is gone or not readable. */
        UNREADABLE
    }

    private final Kind kind;
    private final long position;

    EntryException(Kind kind, EntryRef entry, long position, String reason) {
        this(kind, entry, position, reason, null);
    }

    EntryException(Kind kind, EntryRef entry, long position, String reason, Throwable cause) {
        super("%s in %s, at byte %d: %s".formatted(entry.path(), entry.part().name(), position, reason), cause);
        this.kind = kind;
        this.position = position;
    }

    public Kind kind() {
        return kind;
    }

    /** How many bytes of the entry were read before. */
    public long position() {
        return position;
    }
}
