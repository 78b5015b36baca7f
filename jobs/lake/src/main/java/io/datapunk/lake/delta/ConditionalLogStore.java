package io.datapunk.lake.delta;

import io.delta.storage.HadoopFileSystemLogStore;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.AWSServiceIOException;
import org.apache.hadoop.fs.s3a.Constants;

/**
 * Delta's log on S3, for any number of drivers: of several that write one version, exactly one wins. Delta's own store for
 * S3 is for a single driver; of two that raced for 150 versions it let both win 130.
 *
 * <p>A commit is one PUT under {@code If-None-Match: *}. S3A and the SDK repeat a PUT whose answer was lost, and the store
 * then refuses the repetition because of the commit that landed. So each commit carries an id of its own in its object's
 * metadata: whoever is refused, or fails in any other way, looks whose commit lies there before he calls it a conflict.
 *
 * <p>An object appears whole or not at all, and listings are consistent: S3 has promised both since December 2020.
 */
public final class ConditionalLogStore extends HadoopFileSystemLogStore {
    /** The key of the commit's id among its object's metadata. */
    static final String WRITE_ID = "lake-write-id";

    private static final String CREATE_IF_ABSENT = CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE;

    /** S3 answers 409 where it could not tell who was first; nobody has won then. */
    private static final int HTTP_CONFLICT = 409;

    private static final int ATTEMPTS = 5;

    public ConditionalLogStore(Configuration configuration) {
        super(configuration);
    }

    /**
     * @throws FileAlreadyExistsException where another writer's object lies at the path and {@code overwrite} is false
     * @throws IOException where the store could not be asked; the object may lie there nevertheless
     */
    @Override
    public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration configuration)
            throws IOException {
        FileSystem store = path.getFileSystem(configuration);
        byte[] content = lines(actions);
        if (overwrite) {
            try (FSDataOutputStream object = store.create(path, true)) {
                object.write(content);
            }
            return;
        }
        requireConditionalCreate(store, path);
        String id = UUID.randomUUID().toString();
        for (int attempt = 1; ; attempt++) {
            try {
                create(store, path, content, id);
                return;
            } catch (IOException refusedOrUnknown) {
                Optional<String> winner = writeId(store, path, refusedOrUnknown);
                if (winner.isPresent()) {
                    if (winner.get().equals(id)) {
                        return;
                    }
                    FileAlreadyExistsException conflict = new FileAlreadyExistsException(path.toString());
                    conflict.initCause(refusedOrUnknown);
                    throw conflict;
                }
                if (attempt == ATTEMPTS || !isUndecided(refusedOrUnknown)) {
                    throw refusedOrUnknown;
                }
            }
        }
    }

    /** Where it does not exist, a PUT would go through whoever else had written. */
    private static void requireConditionalCreate(FileSystem store, Path path) throws IOException {
        if (!store.hasPathCapability(path, CREATE_IF_ABSENT)) {
            throw new IOException("the store of " + path + " cannot create an object only where there is none, so that"
                    + " two writers could overwrite each other's commits; set fs.s3a.create.conditional.enabled to true"
                    + " and use a store that answers If-None-Match");
        }
    }

    private static void create(FileSystem store, Path path, byte[] content, String id) throws IOException {
        FSDataOutputStreamBuilder<?, ?> builder = store.createFile(path);
        builder.overwrite(true);
        builder.recursive();
        builder.must(CREATE_IF_ABSENT, true);
        builder.must(Constants.FS_S3A_CREATE_HEADER + "." + WRITE_ID, id);
        FSDataOutputStream object = builder.build();
        try {
            object.write(content);
        } catch (IOException e) {
            // Closing is what writes the object.
            object.abort();
            throw e;
        }
        object.close();
    }

    private static boolean isUndecided(IOException answer) {
        return answer instanceof AWSServiceIOException service && service.statusCode() == HTTP_CONFLICT;
    }

    /** The id of what lies at the path, "" for an object without one, empty where nothing does. */
    private static Optional<String> writeId(FileSystem store, Path path, IOException reason) throws IOException {
        try {
            byte[] id = store.getXAttrs(path).get(Constants.XA_HEADER_PREFIX + WRITE_ID);
            return Optional.of(id == null ? "" : new String(id, StandardCharsets.UTF_8));
        } catch (FileNotFoundException absent) {
            return Optional.empty();
        } catch (IOException unreachable) {
            reason.addSuppressed(unreachable);
            throw reason;
        }
    }

    private static byte[] lines(Iterator<String> actions) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        while (actions.hasNext()) {
            content.writeBytes((actions.next() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return content.toByteArray();
    }

    @Override
    public Boolean isPartialWriteVisible(Path path, Configuration configuration) {
        return false;
    }
}
